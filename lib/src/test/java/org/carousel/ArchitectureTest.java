package org.carousel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows between packages: only downwards. */
@AnalyzeClasses(packages = "org.carousel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("kernel")
            .definedBy("org.carousel.kernel..")
            .layer("plot")
            .definedBy("org.carousel.plot..")
            .layer("training")
            .definedBy("org.carousel.training..")
            .layer("embedding")
            .definedBy("org.carousel.embedding..")
            .layer("attention")
            .definedBy("org.carousel.attention..")
            .layer("recurrent")
            .definedBy("org.carousel.recurrent..")
            .layer("layers")
            .definedBy("org.carousel.layers..")
            .layer("data")
            .definedBy("org.carousel.data..")
            .layer("tensor")
            .definedBy("org.carousel.tensor..")
            .whereLayer("kernel")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("plot")
            .mayOnlyBeAccessedByLayers("kernel")
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("kernel", "plot")
            .whereLayer("embedding")
            .mayOnlyBeAccessedByLayers("kernel")
            .whereLayer("attention")
            .mayOnlyBeAccessedByLayers("kernel")
            .whereLayer("recurrent")
            .mayOnlyBeAccessedByLayers("kernel", "attention", "training")
            .whereLayer("layers")
            .mayOnlyBeAccessedByLayers("kernel", "attention", "embedding", "recurrent", "training")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("kernel", "plot");

    @ArchTest
    static final ArchRule CHARTS_ONLY_IN_PLOT_AND_KERNEL = noClasses()
            .that()
            .resideOutsideOfPackages("org.carousel.plot..", "org.carousel.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.knowm.xchart..", "java.awt..", "javax.imageio..");

    @ArchTest
    static final ArchRule TABLES_ONLY_WHERE_TABLES_ARE = noClasses()
            .that()
            .resideOutsideOfPackages("org.carousel.plot..", "org.carousel.kernel..", "org.carousel.data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tech.tablesaw..");

    @ArchTest
    static final ArchRule JUPYTER_ONLY_IN_KERNEL = noClasses()
            .that()
            .resideOutsideOfPackage("org.carousel.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.spencerpark..", "org.dflib..");

    @ArchTest
    static final ArchRule VECTOR_MODULE_ONLY_IN_VECTOR_KERNELS = noClasses()
            .that()
            .haveNameNotMatching("org\\.carousel\\.tensor\\.kernels\\.VectorKernels.*")
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
}
