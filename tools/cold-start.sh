#!/usr/bin/env bash
# Authoring: trains public/cold_start.bin, the model for products in their first weeks, on 40 invented shops and on Complete
# Journey (CC0, in ../shared). Its lines are few for 20,000 products, so a "product" here is one maker's goods of one type;
# fuel and coupons are left out, as they are not sold by the piece. Online Retail stays away: it is the judge.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
data=../shared/data/transactions
[ -d "$data" ] || { echo "cold-start: skipped, as $data is absent"; exit 0; }
csv=$(mktemp --suffix=.csv)
trap 'rm -f "$csv"' EXIT
# Neither file quotes a cell.
awk -F, -v OFS=, '
  BEGIN { print "date,receipt,sku,product name,brand,category,quantity,amount" }
  NR == FNR { maker[$1] = $2; department[$1] = $3; category[$1] = $5; type[$1] = $6; next }
  FNR == 1 || !($4 in maker) { next }
  department[$4] == "FUEL" || department[$4] == "MISCELLANEOUS" || category[$4] ~ /COUPON/ { next }
  { print $11, $3, maker[$4] "/" type[$4], type[$4], maker[$4], category[$4], $5, $6 }
' <(zcat "$data/completejourney_products.csv.gz") <(zcat "$data/completejourney_transactions_sample.csv.gz") > "$csv"
cargo build --release --locked --quiet -p dukandar-server --features ssr
"${CARGO_TARGET_DIR:-target}/release/dukandar" lab train-cold-start --input "$csv" --currency USD --synthetic 40 --seed 1 \
  --judge tests/data/online_retail_2010_2011.csv.gz --output public/cold_start.bin
