# What ledger_scale measured as the ledger grew: gnuplot -e "csv='growth.csv'; svg='growth.svg'" growth.gnuplot
set terminal svg size 860,300 font "sans-serif,13" background "#ffffff"
set output svg
set datafile separator ","
set multiplot layout 1,3
set border 3 lc rgb "#555555"
set tics nomirror
set grid ytics lc rgb "#dddddd"
set xlabel "entries, thousands"
set xrange [0:*]
set yrange [0:*]
set key top left reverse Left samplen 1.5
set style data linespoints
set pointsize 0.6
set title "Inclusion proof, ms"
plot csv using ($1/1000):5 skip 1 lc rgb "#9a5b13" pt 7 title "slowest in a hundred", \
     csv using ($1/1000):4 skip 1 lc rgb "#14507a" pt 7 title "median"
unset key
set title "Restart, ms, median"
plot csv using ($1/1000):3 skip 1 lc rgb "#14507a" pt 7 title "median"
set key top left reverse Left samplen 1.5
set title "Everything read again, s"
plot csv using ($1/1000):6 skip 1 lc rgb "#14507a" pt 7 title "audit", \
     csv using ($1/1000):7 skip 1 lc rgb "#9a5b13" pt 7 title "the file, read only"
unset multiplot
