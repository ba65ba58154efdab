/**
 * Files that are whole or not there: {@link org.carousel.files.AsideFile} writes aside, forces to disk and renames.
 */
@NullMarked
package org.carousel.files;

import org.jspecify.annotations.NullMarked;
