package org.carousel.kernel;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/** Maven's resolver; {@link Libraries} makes it in a class loader of its own. */
public final class MavenLibraries implements Function<List<String>, List<Path>> {
    /** Called by {@link Libraries}. */
    public MavenLibraries() {}

    @Override
    public List<Path> apply(List<String> coordinates) {
        List<Dependency> wanted = coordinates.stream()
                .map(c -> new Dependency(artifact(c), JavaScopes.RUNTIME))
                .collect(Collectors.toList());
        ContextOverrides settings =
                ContextOverrides.create().withUserSettings(true).build();
        try (Context maven = Runtimes.INSTANCE.getRuntime().create(settings)) {
            CollectRequest tree = new CollectRequest(wanted, List.of(), maven.remoteRepositories());
            DependencyRequest request =
                    new DependencyRequest(tree, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME));
            return maven
                    .repositorySystem()
                    .resolveDependencies(maven.repositorySystemSession(), request)
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(found -> found.getFile().toPath())
                    .collect(Collectors.toList());
        } catch (DependencyResolutionException e) {
            throw new IllegalStateException("%maven " + String.join(" ", coordinates) + ": " + e.getMessage(), e);
        }
    }

    private static Artifact artifact(String coordinates) {
        try {
            return new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%maven " + coordinates
                            + ": a library is named group:artifact:version, such as org.ejml:ejml-simple:0.44.0",
                    e);
        }
    }
}
