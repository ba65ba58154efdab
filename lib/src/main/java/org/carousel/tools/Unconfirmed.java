package org.carousel.tools;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Figures of papers that were recalled but never confirmed by reading the paper: no chapter may print them as the
 * paper's. Whoever confirms one takes it out of this list.
 */
final class Unconfirmed {
    /** A figure of a paper: what must occur in the same sentence to take it for that paper's, and the figure. */
    private record Claim(String what, Pattern about, Pattern figure) {
        static Claim of(String what, String about, String figure) {
            return new Claim(
                    what,
                    Pattern.compile("(?i)" + about),
                    Pattern.compile("(?<![\\d.,])(?:" + figure + ")(?!\\d|[.,]\\d)"));
        }
    }

    private static final List<Claim> CLAIMS = List.of(
            Claim.of("Elman 1990: a stream of 3,000 bits", "Elman", "3[,  ]?000"),
            Claim.of(
                    "Jozefowicz et al. 2015: arithmetic",
                    "Jozefowicz",
                    "0?\\.(?:892|902|293|896|921)" + "|89\\.2|90\\.2|29\\.3|89\\.6|92\\.1"),
            Claim.of("Greff et al. 2017: best results", "Greff|odyssey", "8\\.38|29\\.6|9\\.26"),
            Claim.of("Gers, Schmidhuber 2001: best of cⁿ", "Gers.*2001", "500"),
            Claim.of("Le et al. 2015: MNIST by pixels", "\\bLe\\b|IRNN", "97 ?%|82 ?%"),
            Claim.of("Krueger et al. 2017: zoneout", "Krueger|zoneout", "1\\.27|93\\.1|89\\.8"),
            Claim.of("Graves et al. 2007: Air Freight", "Graves|Air Freight", "7\\.1 ?%"),
            Claim.of("Kalchbrenner et al. 2016: grid LSTM", "Kalchbrenner", "250|99 ?%|51 ?%"),
            Claim.of("Graves et al. 2006: TIMIT", "Graves|TIMIT", "30\\.5\\d?|35\\.21?"),
            Claim.of("Lin et al. 2017: Yelp and SNLI", "\\bLin\\b|Yelp|SNLI", "64\\.21?|84\\.4"),
            Claim.of("Vaswani et al. 2017: BLEU", "Vaswani|BLEU|Transformer", "28\\.4|41\\.8|41\\.0"),
            Claim.of("Mikolov et al. 2013: CBOW against skip-gram", "Mikolov.*\\b20\\d\\d", "24 ?%|64 ?%|55 ?%|59 ?%"));

    private Unconfirmed() {}

    /** The unconfirmed figures that a sentence prints. */
    static List<String> in(String sentence) {
        return CLAIMS.stream()
                .filter(c -> c.about.matcher(sentence).find()
                        && c.figure.matcher(sentence).find())
                .map(c -> "a figure that was never confirmed (" + c.what + "): \"" + sentence + "\"")
                .toList();
    }
}
