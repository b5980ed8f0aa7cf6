"""Figures of tests/data/online_retail_2010_2011.csv.gz, computed apart from the product, in plain Python.

Run: python3 tests/oracle/online_retail.py
The output stands as constants in tests/tests/import_real.rs, report_real.rs and rfm_real.rs.
"""

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

path = Path(__file__).parent.parent / "data" / "online_retail_2010_2011.csv.gz"
seen, rejected = set(), Counter()
rows = rounded = 0
receipts, lines = {}, []
with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
    reader = csv.DictReader(file)
    for row in reader:
        rows += 1
        exact = Decimal(row["UnitPrice"])
        if exact < 0:
            rejected["negative_price"] += 1
            continue
        fields = tuple(row.values())
        if fields in seen:
            rejected["duplicate_row"] += 1
            continue
        seen.add(fields)
        price = exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        rounded += price != exact
        at = datetime.strptime(row["InvoiceDate"], "%Y-%m-%d %H:%M:%S")
        number, quantity = row["InvoiceNo"].strip(), int(Decimal(row["Quantity"]))
        customer = row["CustomerID"].removesuffix(".0")
        receipt = receipts.setdefault((number, at.date()), {"at": at, "customer": "", "return": number[0] == "C"})
        receipt["at"] = min(at, receipt["at"])
        receipt["customer"] = receipt["customer"] or customer
        receipt["lines"] = receipt.get("lines", 0) + 1
        paisa = int(price * 100) * quantity
        lines.append((at.date(), number, row["StockCode"].strip(), quantity, paisa, receipt))

print("rows", rows, "kept", len(lines), "rejected", dict(rejected), "rounded", rounded)
print("receipts", len(receipts), "returns", sum(r["return"] for r in receipts.values()))
print("customers", len({r["customer"] for r in receipts.values()} - {""}), "products", len({l[2] for l in lines}))
print("revenue", sum(l[4] for l in lines), "pieces", sum(l[3] for l in lines))
print("zero-priced", sum(l[4] == 0 for l in lines), "negative free", sum(l[3] < 0 and l[4] == 0 for l in lines))
print("returned", -sum(l[4] for l in lines if l[5]["return"]))
known = sum(l[4] for l in lines if l[5]["customer"])
print("known revenue", known)
by_product = defaultdict(lambda: [0, 0])
for line in lines:
    by_product[line[2]][0] += line[4]
    by_product[line[2]][1] += line[3]
print("top ten")
for sku, (paisa, pieces) in sorted(by_product.items(), key=lambda item: -item[1][0])[:10]:
    print("   ", sku, paisa, pieces)
by_month, by_week, by_day = Counter(), Counter(), Counter()
for line in lines:
    by_month[line[0].strftime("%Y-%m")] += line[4]
    by_week[line[0] - timedelta(days=line[0].weekday())] += line[4]
    by_day[line[0]] += line[4]
print("months", sorted(by_month.items()))
print("week of 2011-11-14", by_week[date(2011, 11, 14)], "day 2011-12-09", by_day[date(2011, 12, 9)])
print("days", len(by_day), "weeks", len(by_week))
# RFM as the report counts it: last day and number of sales receipts, net spend.
last, often, spend = {}, Counter(), Counter()
for (number, day), receipt in receipts.items():
    who = receipt["customer"]
    if who and not receipt["return"]:
        last[who] = max(last.get(who, date.min), day)
        often[who] += 1
for line in lines:
    if line[5]["customer"]:
        spend[line[5]["customer"]] += line[4]
print("buyers", len(last), "receipts of buyers", sum(often.values()), "most often", often.most_common(2))
print("spend of buyers", sum(spend[who] for who in last), "largest", spend.most_common(2))
print("last day sum", sum((day - date(1970, 1, 1)).days for day in last.values()))
# Segments as of 2011-12-10 by the table that customer/rfm.rs publishes: competition-ranked quintiles.
TABLE = {
    5: "new potential loyal champions champions",
    4: "new potential loyal loyal champions",
    3: "promising promising attention loyal loyal",
    2: "lost attention attention risk risk",
    1: "lost lost risk risk risk",
}


def quintile(values):
    rank = {}
    for position, value in enumerate(sorted(values)):
        rank.setdefault(value, position)
    return {value: 5 * position // len(values) + 1 for value, position in rank.items()}


gap = {who: (date(2011, 12, 10) - day).days for who, day in last.items()}
by_gap, by_visits = quintile(list(gap.values())), quintile([often[who] for who in last])
by_spend = quintile([spend[who] for who in last])
segments, segment_spend, cells = Counter(), Counter(), Counter()
for who in last:
    r, f, m = 6 - by_gap[gap[who]], by_visits[often[who]], by_spend[spend[who]]
    name = "new" if r >= 4 and f == 1 else TABLE[r].split()[(f + m + 1) // 2 - 1]
    segments[name] += 1
    segment_spend[name] += spend[who]
    cells[r, f] += 1
print("segments", {name: (count, segment_spend[name]) for name, count in segments.items()})
print("grid", [[cells[r, f] for f in range(1, 6)] for r in range(1, 6)])
