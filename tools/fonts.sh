#!/usr/bin/env bash
# Authoring, not part of a build: subsets the variable Noto Naskh Arabic (weights 400 to 700 in one file) to what
# Urdu needs and writes it to public/fonts. The unicode-range in style/fonts.css must name the same characters.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools/authoring
cp tools/authoring/package*.json .tools/authoring/
npm ci --prefix .tools/authoring --ignore-scripts --no-audit --no-fund
[ -x .tools/python/bin/pyftsubset ] || { python3 -m venv .tools/python && .tools/python/bin/pip -q install fonttools==4.68.0 brotli==1.2.1; }

# Urdu's letters and marks, Arabic ك ي ى as typed by foreign keyboards, both rows of digits, punctuation,
# the ligatures of greetings, and the controls that isolate a Latin run.
characters="U+0020,U+00A0,U+060C,U+061B,U+061F,U+0621-063A,U+0640-0651,U+0654,U+0656-0658,U+0660-0669,U+066A-066C"
characters+=",U+0670,U+0679,U+067E,U+0686,U+0688,U+0691,U+0698,U+06A9,U+06AF,U+06BA,U+06BE,U+06C0-06C3,U+06CC"
characters+=",U+06D2-06D4,U+06F0-06F9,U+200C-200F,U+2066-2069,U+FDF2,U+FDFA"
package=.tools/authoring/node_modules/@fontsource-variable/noto-naskh-arabic
mkdir -p public/fonts
.tools/python/bin/pyftsubset "$package/files/noto-naskh-arabic-arabic-wght-normal.woff2" --unicodes="$characters" \
  --flavor=woff2 --no-hinting --output-file=public/fonts/noto-naskh-urdu.woff2
cp "$package/LICENSE" public/fonts/noto-naskh-urdu.OFL.txt
ls -l public/fonts
