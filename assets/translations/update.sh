#!/usr/bin/env bash
# Collects every msgid of the sources and brings the catalogues up to date: new ones come in empty, changed ones fuzzy.
#   assets/translations/update.sh            then translate <language>.po and run check.py
#   assets/translations/update.sh --pot FILE only the list of msgids
set -euo pipefail
cd "$(dirname "$0")/../.."

pot=$(mktemp)
trap 'rm -f "$pot"' EXIT
find kiosk hal imaging ocr -name '*.cpp' -o -name '*.h' | LC_ALL=C sort |
  xgettext --files-from=- --from-code=UTF-8 --language=C++ --output="$pot" --force-po --sort-by-file --no-wrap --add-location=file \
    --keyword --keyword=tr --keyword=trc:1c,2 --keyword=trn:1,2 --keyword=N_ \
    --package-name=torugart --msgid-bugs-address= --add-comments=TRANSLATORS 2>/dev/null
# `{}` fields are fmt's; xgettext takes a percent sign for one of C's
sed -i -E '/^#, /{s/, (no-)?c(\+\+)?-format//g;/^#,?$/d}' "$pot"
sed -i -e '/^"POT-Creation-Date/d' -e 's/charset=CHARSET/charset=UTF-8/' "$pot"

if [ "${1:-}" = --pot ]; then
  cp "$pot" "$2"
  exit
fi
for po in assets/translations/*.po; do
  msgmerge --quiet --update --backup=none --no-wrap --sort-by-file --add-location=file "$po" "$pot"
  sed -i -e '/^"POT-Creation-Date/d' "$po"
  printf '%s: ' "$po"
  msgfmt --statistics --output-file=/dev/null "$po"
done
