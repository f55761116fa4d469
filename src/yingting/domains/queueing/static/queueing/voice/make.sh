#!/usr/bin/env bash
# Make every clip of this folder again. Needs espeak-ng, sox and lame.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pack() { # name: trim silence at both ends, level, leave a short gap after the word
  sox "$work/$1.wav" -r 22050 -c 1 "$work/$1.level.wav" \
    silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse norm -3 pad 0 "${2:-0.03}"
  lame --quiet -m m -b 24 --resample 22.05 "$work/$1.level.wav" "$1.mp3"
}
# Pinyin in: the packaged Chinese dictionary is small and spells out what it does not know.
zh() { espeak-ng -v cmn-latn-pinyin -s "${3:-140}" -p 45 -a 160 -w "$work/$1.wav" "$2"; pack "$1"; }
en() { espeak-ng -v en-us -s "${3:-140}" -p 45 -a 160 -w "$work/$1.wav" "$2"; pack "$1"; }

digits=(ling2 yi1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3 shi2)
words=(zero one two three four five six seven eight nine ten)
for n in "${!digits[@]}"; do zh "zh_$n" "${digits[n]}"; en "en_$n" "${words[n]}"; done
for letter in {A..Z}; do en "letter_$letter" "$letter"; done
zh zh_qing qing3; zh zh_hao hao4; zh zh_dao dao4; zh zh_taixi 'tai2 xi2'
en en_ticket "Ticket"; en en_counter "please go to counter"
zh zh_say_class "qing3 xuan3 ze2 nin2 yao4 ban4 de5 ye4 wu4." 160
zh zh_say_business "qing3 xuan3 ze2 ju4 ti3 ban4 li3 de5 xiang4 mu4." 160
zh zh_say_care "ai4 xin1 tong1 dao4. lao3 nian2 ren2 he2 can2 zhang4 ren2 shi4, you1 xian1 ban4 li3." 160
zh zh_say_slip "qu3 hao4 cheng2 gong1. qing3 qu3 zou3 nin2 de5 hao4 piao4, liu2 yi4 jiao4 hao4." 160
zh zh_say_number "qu3 hao4 cheng2 gong1. qing3 ji4 xia4 nin2 de5 hao4 ma3, liu2 yi4 jiao4 hao4." 160
zh zh_say_help "qing3 dao4 fu2 wu4 tai2, huo4 xiang4 shen1 bian1 de5 gong1 zuo4 ren2 yuan2 zhao1 shou3." 160
zh zh_say_closed "ying2 ye4 ting1 xian4 zai4 xiu1 xi1." 160
zh zh_say_problem "zan4 shi2 qu3 bu4 liao3 hao4, qing3 zhao3 gong1 zuo4 ren2 yuan2 bang1 mang2." 160
sox -n -r 22050 -c 1 "$work/high.wav" synth 0.45 sine 784 fade l 0.01 0.45 0.4 gain -8
sox -n -r 22050 -c 1 "$work/low.wav" synth 0.7 sine 587 fade l 0.01 0.7 0.6 gain -8
sox "$work/high.wav" "$work/low.wav" "$work/chime.wav"
lame --quiet -m m -b 24 --resample 22.05 "$work/chime.wav" chime.mp3
