package org.carousel.tensor.internal.kernels;

/** What the compiler of this virtual machine does well; measured, since no specification says it. */
final class Jit {
    /**
     * From JDK 25 on large methods keep vectors in registers and shuffles are single instructions; JDK 17 boxes the
     * vectors of both, which made training 5 times as slow.
     */
    static final boolean KEEPS_VECTORS = Runtime.version().feature() >= 25;

    private Jit() {}
}
