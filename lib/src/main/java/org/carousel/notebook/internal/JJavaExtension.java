package org.carousel.notebook.internal;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** Called by JJava when this jar joins its class path: charts, tables and tensors then look as on our own kernel. */
public final class JJavaExtension implements Extension {
    @Override
    public void install(BaseKernel kernel) {
        Screen.use(new JJavaFrontend(kernel));
    }
}
