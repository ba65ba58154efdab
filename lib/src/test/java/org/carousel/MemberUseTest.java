package org.carousel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Methods and fields that users cannot reach are there because the library calls them, not because a test does. */
class MemberUseTest {
    /** What tests must be able to set or to see. */
    private static final Set<String> SEAMS = Set.of(
            "org.carousel.data.Dataset.files", // what the manifest says of the files of a handle
            "org.carousel.data.Manifest.files", // all lines, each of which is checked
            "org.carousel.embedding.Tsne.divergence", // what its gradient is the gradient of
            "org.carousel.kernel.internal.input.Scanned.scanner", // classes of cells link to it
            "org.carousel.plot.Curves.painted", // the axes and squares that a picture ended with
            "org.carousel.plot.Squares.plotArea",
            "org.carousel.tensor.internal.kernels.Kernels.report", // which kernels run, for the tables of speed
            "org.carousel.tensor.internal.kernels.LstmSequence.floatsKept", // memory against its formula
            "org.carousel.tensor.internal.kernels.Parallel.threads"); // the same bits for any number of them

    /** By name, which forgives an overload but never accuses one. */
    @Test
    void whatUsersCannotReachIsUsedByTheLibrary() {
        var library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.carousel");
        Set<String> used = new HashSet<>();
        for (JavaClass c : library) {
            for (JavaAccess<?> access : c.getAccessesFromSelf()) {
                if (!access.getOrigin().getFullName().equals(access.getTarget().getFullName())) {
                    used.add(access.getTarget().getName());
                }
            }
        }
        Set<String> unused = new TreeSet<>();
        for (JavaClass c : library) {
            Stream.concat(c.getMethods().stream(), c.getFields().stream())
                    .filter(m -> isOurs(m) && !isForUsers(m) && !used.contains(m.getName()))
                    .forEach(m -> unused.add(c.getName() + "." + m.getName()));
        }
        unused.removeAll(SEAMS);
        assertEquals(Set.of(), unused, "used by nothing but tests: use, remove or name them among the seams");
    }

    private static boolean isForUsers(JavaMember m) {
        return m.getModifiers().contains(JavaModifier.PUBLIC)
                && Stream.iterate(m.getOwner(), c -> c != null, c -> c.getEnclosingClass()
                                .orElse(null))
                        .allMatch(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                && !m.getOwner().getPackageName().matches(".*\\.(internal|kernel|tools)(\\..*)?");
    }

    /** Written here, called by name, and kept by the compiler: constants are copied to where they are used. */
    private static boolean isOurs(JavaMember m) {
        Set<JavaModifier> modifiers = m.getModifiers();
        boolean constant = modifiers.contains(JavaModifier.STATIC)
                && modifiers.contains(JavaModifier.FINAL)
                && !(m instanceof JavaMethod);
        boolean called = m.getName().equals("main")
                || m.getOwner().isEnum()
                || m.getOwner().isRecord();
        return !constant
                && !called
                && !modifiers.contains(JavaModifier.SYNTHETIC)
                && !modifiers.contains(JavaModifier.PRIVATE)
                && !inherited(m);
    }

    private static boolean inherited(JavaMember m) {
        JavaClass owner = m.getOwner();
        return Stream.concat(owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
                .flatMap(c -> c.getMethods().stream())
                .map(JavaMethod::getName)
                .collect(Collectors.toSet())
                .contains(m.getName());
    }
}
