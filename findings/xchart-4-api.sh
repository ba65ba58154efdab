#!/usr/bin/env bash
# XChart 4 drops members that XChart 3 never marked as deprecated, and programs built for 3 do not link with it.
#
# A good guess:  what version 4 drops was deprecated in the last 3.x, so a program that compiles there without warnings
#                needs no change, and a call that looks the same in both sources links with both jars.
# What happens:  outside the packages called internal 3.8.8 has no deprecated member, and 98 of its public or protected
#                signatures are gone from their classes (changed or moved ones counted). A chart's getSeriesMap() is out
#                of reach, too. saveBitmap(chart, ...) reads the same in both, but its parameter has another type: built
#                for 3.8.8 it fails with 4.0.3, NoSuchMethodError. The class files need Java 11 now, not 8.
# Versions:      XChart 4.0.3 against 3.8.8; JDK 17.0.15, Maven 3.8.7
# Why we met it: an example written for XChart 3 and pasted into a cell, or a jar built for 3 and put on the class path,
#                meets XChart 4 there.
# Carousel:      depends on 4.0.3, and its chapters draw through Plots, which uses nothing that is gone. An old example
#                in a cell ends with the compiler's message for the line.
#
# Needs a JDK of 11 or newer, Maven and, for the picture, fontconfig with a font.
#
# Output seen:
#   javac 17.0.15
#   XChart 3.8.8: class files of Java 8, 1226 signatures, 0 deprecated
#   XChart 4.0.3: class files of Java 11, 1295 signatures, 18 deprecated
#   signatures of 3.8.8 that 4.0.3 lacks in the same class: 98
#   Members.java and Save.java with 3.8.8, every warning an error:
#     compiled
#   Members.java with 4.0.3:
#     Members.java:6: error: cannot find symbol
#       symbol:   method setZoomEnabled(boolean)
#     Members.java:7: error: cannot find symbol
#       symbol:   method setCursorEnabled(boolean)
#     Members.java:8: error: cannot find symbol
#       symbol:   method setToolTipsEnabled(boolean)
#     Members.java:9: error: cannot find symbol
#       symbol:   method getSeriesMap()
#     4 errors
#   Save.java with 4.0.3:
#     compiled
#   Save, built for 3.8.8, with 3.8.8: a picture
#   Save, built for 4.0.3, with 4.0.3: a picture
#   Save, built for 3.8.8, with 4.0.3:
#   NoSuchMethodError: 'void org.knowm.xchart.BitmapEncoder.saveBitmap(org.knowm.xchart.internal.chartpart.Chart,
#       java.io.OutputStream, org.knowm.xchart.BitmapEncoder$BitmapFormat)'   (one line)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fail() {
    echo "No longer so: $*" >&2
    exit 1
}

for version in 3.8.8 4.0.3; do
    mvn -B -q -Dmaven.repo.local="$folder/repository" dependency:get -Dtransitive=false \
        -Dartifact="org.knowm.xchart:xchart:$version" >&2
    cp "repository/org/knowm/xchart/xchart/$version/xchart-$version.jar" "$version.jar"
done
javac -version

# The classes of a jar that a program may name, and their members, each after the name of its class.
classes() {
    jar --list --file "$1" | grep '^org/knowm/xchart/.*\.class$' | grep -v -e /internal/ -e '\$[0-9]' \
        | sed -e 's/\.class$//' -e 's|/|.|g'
}
members() {
    classes "$1" | xargs javap -protected -cp "$1" | awk '
        /^[a-z].*\{$/ { match($0, /org\.knowm[A-Za-z0-9_.$]*/); class = substr($0, RSTART, RLENGTH) }
        /^  / { print class ":" $0 }' | LC_ALL=C sort -u
}
for version in 3.8.8 4.0.3; do
    members "$version.jar" > "$version.members"
    classes "$version.jar" | xargs javap -verbose -protected -cp "$version.jar" > "$version.verbose"
    major=$(awk '/major version/ { print $3; exit }' "$version.verbose")
    deprecated=$(grep -c 'Deprecated: true' "$version.verbose" || true)
    echo "XChart $version: class files of Java $((major - 44)), $(wc -l < "$version.members") signatures," \
        "$deprecated deprecated"
    echo "$major $deprecated" > "$version.facts"
done
LC_ALL=C comm -23 3.8.8.members 4.0.3.members > missing
echo "signatures of 3.8.8 that 4.0.3 lacks in the same class: $(wc -l < missing)"

cat > Members.java <<'JAVA'
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

class Members {
    static XYSeriesRenderStyle of(XYChart chart) {
        chart.getStyler().setZoomEnabled(true);
        chart.getStyler().setCursorEnabled(true);
        chart.getStyler().setToolTipsEnabled(true);
        return chart.getSeriesMap().get("loss").getXYSeriesRenderStyle();
    }
}
JAVA
cat > Save.java <<'JAVA'
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

class Save {
    public static void main(String[] arguments) throws IOException {
        XYChart chart = new XYChartBuilder().width(300).height(200).build();
        chart.addSeries("loss", new double[] {1, 2, 3}, new double[] {3, 1, 2});
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        BitmapEncoder.saveBitmap(chart, picture, BitmapEncoder.BitmapFormat.PNG);
        System.out.println(picture.size() > 0 ? "a picture" : "nothing");
    }
}
JAVA

echo "Members.java and Save.java with 3.8.8, every warning an error:"
javac -Xlint:all -Werror -d old -cp 3.8.8.jar Members.java Save.java
echo "  compiled"
echo "Members.java with 4.0.3:"
if javac -d new -cp 4.0.3.jar Members.java > errors 2>&1; then
    fail "it compiles with 4.0.3"
fi
grep -E 'error|symbol:' errors | sed 's/^/  /'
echo "Save.java with 4.0.3:"
javac -d new -cp 4.0.3.jar Save.java > notes 2>&1
echo "  compiled"

echo "Save, built for 3.8.8, with 3.8.8: $(java -Djava.awt.headless=true -cp old:3.8.8.jar Save)"
echo "Save, built for 4.0.3, with 4.0.3: $(java -Djava.awt.headless=true -cp new:4.0.3.jar Save)"
if java -Djava.awt.headless=true -cp old:4.0.3.jar Save > picture 2> error; then
    fail "what was built for 3.8.8 runs with 4.0.3"
fi
echo "Save, built for 3.8.8, with 4.0.3:"
grep -o -m1 'NoSuchMethodError.*' error || fail "it fails in another way: $(head -1 error)"

[ "$(cat 3.8.8.facts)" = "52 0" ] || fail "3.8.8 is not Java 8 without deprecated members"
[ "$(cut -d' ' -f1 4.0.3.facts)" = 55 ] || fail "4.0.3 is not Java 11"
[ "$(wc -l < missing)" -gt 50 ] || fail "few signatures are missing"
