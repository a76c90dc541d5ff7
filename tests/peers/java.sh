# shellcheck shell=bash
# Java with Apache PDFBox and Bouncy Castle, as Debian packages them; sourced by the tests that use it.
#
# java_missing           says in words what is missing, or nothing
# java_build DIR FOLDER  compiles the folder's .java files into DIR, when one is newer than what lies there
# java_run DIR CLASS...  runs one of them

java_libraries=/usr/share/java
java_classpath=
for java_library in pdfbox2 fontbox2 preflight xmpbox javax.activation jaxb-api commons-logging bcprov bcutil bcpkix; do
  java_classpath+=:$java_libraries/$java_library.jar
done

java_missing() {
  command -v javac >/dev/null || { echo "no javac (Debian package default-jdk-headless)"; return; }
  local library package
  while read -r library package; do
    [ -e "$java_libraries/$library.jar" ] || { echo "no $library.jar (Debian package $package)"; return; }
  done <<<"pdfbox2 libpdfbox2-java
bcpkix libbcpkix-java
javax.activation libactivation-java
jaxb-api libjaxb-api-java"
}

java_build() {
  local sources=("$2"/*.java) source
  mkdir -p "$1"
  (
    flock 9
    for source in "${sources[@]}"; do
      [ ! -e "$1/built" ] || [ "$source" -nt "$1/built" ] || continue
      javac -nowarn -XDsuppressNotes -encoding UTF-8 -cp "$java_classpath" -d "$1" "${sources[@]}" && touch "$1/built"
      exit
    done
  ) 9>"$1/lock"
}

java_run() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Djava.awt.headless=true -cp "$1$java_classpath" "${@:2}"; }
