package org.carousel.attention;

/** The scores of one source without making tensors, for streams; the bits of {@link Attention#scores}. */
@FunctionalInterface
interface Scorer {
    /** e [B×U] for queries s [B×S]. Modified: {@code e}. */
    void score(float[] query, float[] e);
}
