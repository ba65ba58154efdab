package org.carousel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Holds the arrows between packages: only downwards. */
@AnalyzeClasses(packages = "org.carousel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("kernel")
            .definedBy("org.carousel.kernel..")
            .layer("tools")
            .definedBy("org.carousel.tools..")
            .layer("notebook")
            .definedBy("org.carousel.notebook..")
            .layer("plot")
            .definedBy("org.carousel.plot..")
            .layer("training")
            .definedBy("org.carousel.training..")
            .layer("labelling")
            .definedBy("org.carousel.labelling..")
            .layer("embedding")
            .definedBy("org.carousel.embedding..")
            .layer("weights")
            .definedBy("org.carousel.weights..")
            .layer("attention")
            .definedBy("org.carousel.attention..")
            .layer("recurrent")
            .definedBy("org.carousel.recurrent..")
            .layer("layers")
            .definedBy("org.carousel.layers..")
            .layer("data")
            .definedBy("org.carousel.data..")
            .layer("files")
            .definedBy("org.carousel.files..")
            .layer("tensor")
            .definedBy("org.carousel.tensor..")
            .whereLayer("kernel")
            .mayOnlyBeAccessedByLayers("tools")
            .whereLayer("tools")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("notebook")
            .mayOnlyBeAccessedByLayers("kernel", "tools")
            .whereLayer("plot")
            .mayOnlyBeAccessedByLayers("kernel", "notebook", "tools")
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("kernel", "tools", "notebook", "plot")
            .whereLayer("labelling")
            .mayOnlyBeAccessedByLayers("kernel", "tools", "notebook")
            .whereLayer("embedding")
            .mayOnlyBeAccessedByLayers("kernel", "notebook")
            .whereLayer("weights")
            .mayOnlyBeAccessedByLayers("kernel", "notebook")
            .whereLayer("attention")
            .mayOnlyBeAccessedByLayers("kernel", "notebook", "weights")
            .whereLayer("recurrent")
            .mayOnlyBeAccessedByLayers("kernel", "tools", "notebook", "attention", "labelling", "training", "weights")
            .whereLayer("layers")
            .mayOnlyBeAccessedByLayers(
                    "kernel",
                    "tools",
                    "notebook",
                    "attention",
                    "embedding",
                    "labelling",
                    "recurrent",
                    "training",
                    "weights")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("kernel", "tools", "notebook", "plot", "weights")
            .whereLayer("files")
            .mayOnlyBeAccessedByLayers("kernel", "tools", "notebook", "training", "embedding", "weights", "data");

    @ArchTest
    static final ArchRule CHARTS_ONLY_WHERE_CHARTS_ARE = noClasses()
            .that()
            .resideOutsideOfPackages("org.carousel.plot..", "org.carousel.notebook..", "org.carousel.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.knowm.xchart..", "java.awt..", "javax.imageio..");

    @ArchTest
    static final ArchRule TABLES_ONLY_WHERE_TABLES_ARE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.carousel.plot..", "org.carousel.notebook..", "org.carousel.kernel..", "org.carousel.data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tech.tablesaw..");

    @ArchTest
    static final ArchRule JUPYTER_ONLY_IN_KERNEL_AND_NOTEBOOK = noClasses()
            .that()
            .resideOutsideOfPackages("org.carousel.kernel..", "org.carousel.notebook..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.spencerpark..", "org.dflib..");

    @ArchTest
    static final ArchRule VECTOR_MODULE_ONLY_IN_VECTOR_KERNELS = noClasses()
            .that()
            .haveNameNotMatching("org\\.carousel\\.tensor\\.internal\\.kernels\\.(images\\.)?VectorKernels.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jdk.incubator.vector..");

    /** Their numbers are not the same on every machine or JDK. */
    @ArchTest
    static final ArchRule RANDOM_NUMBERS_COME_FROM_RANDOM_STREAM = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom)|java\\.util\\.random\\..*"
                    + "|java\\.util\\.concurrent\\.ThreadLocalRandom");

    /** Half-written files and files that only their owner may read came of writing them in seven ways. */
    @ArchTest
    static final ArchRule FILES_ARE_WRITTEN_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackage("org.carousel.files..")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "renames or writes a file",
                    call -> call.getTargetOwner().getName().equals("java.nio.file.Files")
                            && List.of("move", "writeString").contains(call.getName())));

    private static final DescribedPredicate<JavaClass> OF_THE_INSIDE = DescribedPredicate.describe(
            "inside of this library",
            c -> c.getBaseComponentType().getPackageName().matches("org\\.carousel\\..*internal.*"));

    /** The fence: what users can call names nothing from the inside. */
    @ArchTest
    static final ArchRule WHAT_USERS_CALL_NAMES_NOTHING_OF_THE_INSIDE = noCodeUnits()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("..internal..")
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and(DescribedPredicate.describe(
                    "can be called by users",
                    c -> c.getModifiers().contains(JavaModifier.PUBLIC)
                            || c.getModifiers().contains(JavaModifier.PROTECTED)))
            .should()
            .haveRawReturnType(OF_THE_INSIDE)
            .orShould()
            .haveRawParameterTypes(DescribedPredicate.describe(
                    "with one of the inside", types -> types.stream().anyMatch(OF_THE_INSIDE)));
}
