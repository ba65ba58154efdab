/**
 * Files that are whole or not there: {@link org.carousel.files.internal.AsideFile} writes aside, forces to disk and renames.
 */
@NullMarked
package org.carousel.files.internal;

import org.jspecify.annotations.NullMarked;
