package org.carousel.data;

/**
 * The downloadable sets, one method each.
 *
 * <p>A method only makes a {@link Dataset} handle; the settings (where to look, whether to download) are read at that
 * moment, the files when they are asked for (where a set is passed on in two forms, it looks which one lies ready). But for {@link
 * #pdEnglish()} and {@link #trials()} none of the files is part of this project; {@link Dataset#licence()} and
 * {@link Dataset#source()} say whose they are.
 */
public final class Datasets {
    private Datasets() {}

    /** Shakespeare, 1.1 million characters, 65 distinct: {@code input.txt}. */
    public static Dataset tinyShakespeare() {
        return named("tiny-shakespeare");
    }

    /**
     * Bach's chorales, 229 training, 76 validation and 77 test pieces: {@code jsb-chorales-quarter.json} (sounding
     * pitches per quarter note) and {@code Jsb16thSeparated.json} (four voices in sixteenth steps).
     */
    public static Dataset jsbChorales() {
        return named("jsb-chorales").only("jsb-chorales-quarter.json", "Jsb16thSeparated.json");
    }

    /** The CMU pronouncing dictionary, spelling to sounds: {@code cmudict.dict}, {@code .phones}, {@code .symbols}. */
    public static Dataset cmudict() {
        return named("cmudict-g2p").only("cmudict.dict", "cmudict.phones", "cmudict.symbols");
    }

    /** Handwritten digits as 8×8 images: {@code optdigits.tra} (3,823 rows) and {@code optdigits.tes} (1,797). */
    public static Dataset optdigits() {
        return named("optdigits").only("optdigits.tra", "optdigits.tes");
    }

    /**
     * Handwritten digits as pen trajectories: {@code pendigits-train} (7,494 digits), {@code pendigits-test} (3,498);
     * {@link org.carousel.data.signal.PenDigits} reads them.
     */
    public static Dataset pendigits() {
        return named("pendigits-unipen");
    }

    /** Film review sentences, 5,331 positive and 5,331 negative (Pang and Lee 2005): {@code sentence_polarity.zip}. */
    public static Dataset sentencePolarity() {
        return named("sentiment-panglee").only("sentence_polarity.zip");
    }

    /** Film sentences, 5,000 subjective and 5,000 objective (Pang and Lee 2004): {@code subjectivity.zip}. */
    public static Dataset subjectivity() {
        return named("sentiment-panglee").only("subjectivity.zip");
    }

    /** Film reviews, 1,000 positive and 1,000 negative (Pang and Lee 2004): {@code movie_reviews.zip}. */
    public static Dataset movieReviews() {
        return named("sentiment-panglee").only("movie_reviews.zip");
    }

    /**
     * Time series as CSV with a header: {@code co2.csv}, {@code daily-min-temperatures.csv},
     * {@code monthly-airline-passengers.csv}, {@code monthly-sunspots.csv}, {@code sunspots-yearly.csv}.
     */
    public static Dataset series() {
        return named("series")
                .only(
                        "co2.csv",
                        "daily-min-temperatures.csv",
                        "monthly-airline-passengers.csv",
                        "monthly-sunspots.csv",
                        "sunspots-yearly.csv");
    }

    /** 142,787 English-French sentence pairs, shortest first: {@code fra-eng.zip}, entry {@code fra.txt}. */
    public static Dataset tatoeba() {
        return named("tatoeba-fra-eng");
    }

    /**
     * English sentences with parts of speech, the English Web Treebank (UD 2.16): {@code ewt-train.tsv}, {@code
     * ewt-dev.tsv}, {@code ewt-test.tsv}, columns word, universal tag, Penn tag, a blank line after each sentence; where
     * these do not lie ready, the treebank itself, {@code en_ewt-ud-train.conllu} and its sisters. {@link TaggedSentences}
     * reads both.
     */
    public static Dataset udEwt() {
        return named("ud-ewt")
                .only("ewt-train.tsv", "ewt-dev.tsv", "ewt-test.tsv")
                .orElse(named("ud-ewt")
                        .only("en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu", "en_ewt-ud-test.conllu"));
    }

    /**
     * Secondary structure of proteins (Qian and Sejnowski 1988): {@code protein-secondary-structure.train} and
     * {@code .test}; {@link ProteinChains} reads them. For research that is not commercial, says the head of the files.
     */
    public static Dataset proteinStructure() {
        return named("protein-structure");
    }

    /** Splice junctions, 3,190 windows of 60 bases (Noordewier, Towell, Shavlik 1991): {@code splice.csv}. */
    public static Dataset spliceJunctions() {
        return named("splice-junctions");
    }

    /** Tests of word vectors: {@code questions-words.txt} (19,544 analogies) and {@code wordsim353.tsv} (353 pairs). */
    public static Dataset wordEval() {
        return named("word-eval");
    }

    /**
     * The trials of chapter 11, {@code music.csv}, {@code ink.csv} and {@code speech.csv}, made by this project, and the
     * processor time of each, {@code music-seconds.csv} and so on. They lie in the folder {@code data} of this project and of
     * the kernel.
     */
    public static Dataset trials() {
        return named("trials");
    }

    /**
     * Six million words of public-domain English, lower-case letters only: {@code pd-english.txt.gz}. It lies in the
     * project's folder {@code data} and beside the installed kernel, so that it needs no network there.
     */
    public static Dataset pdEnglish() {
        return named("pd-english").only("pd-english.txt.gz");
    }

    /**
     * Spoken digits, 3,000 recordings of 8 kHz: {@code fsdd.tar}; where it does not lie ready, the archive of the whole
     * repository. {@link org.carousel.data.signal.SpokenDigits} reads both.
     */
    public static Dataset fsdd() {
        return named("fsdd").only("fsdd.tar").orElse(named("fsdd").only("free-spoken-digit-dataset.tar.gz"));
    }

    /** A BERT for sentences, all-MiniLM-L6-v2: {@code config.json}, {@code model.safetensors}, {@code vocab.txt}. */
    public static Dataset miniLm() {
        return named("minilm-l6");
    }

    /** A network that hears speech: {@code silero_vad_16k.safetensors}; and a minute of it, {@code test.wav}. */
    public static Dataset sileroVad() {
        return named("silero-vad");
    }

    /** A network that spells words out in sounds: {@code checkpoint20.npz}. */
    public static Dataset g2pEn() {
        return named("g2p-en");
    }

    /**
     * A whole set by the name of its folder, with the licence and description files that the other methods leave out.
     *
     * @throws IllegalArgumentException if there is no such set; the message lists the names
     * @throws DatasetException if a setting that tells where to look is not a path
     */
    public static Dataset named(String set) {
        Resolver resolver = new Resolver(DataLocations.ofThisProcess(), new Downloader(Downloader.STANDARD));
        return new Dataset(set, Manifest.packed().files(set), resolver);
    }
}
