/** What the kernel does inside of {@code jdk.jshell} because the shell itself offers no way to do it. */
@NullMarked
package org.carousel.kernel.internal.shell;

import org.jspecify.annotations.NullMarked;
