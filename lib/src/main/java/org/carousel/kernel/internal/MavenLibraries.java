package org.carousel.kernel.internal;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.aether.DefaultRepositoryCache;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactType;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyFilter;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.jspecify.annotations.Nullable;

/** Maven's resolver; {@link Libraries} makes it in a class loader of its own. */
public final class MavenLibraries implements Function<Libraries.Request, List<Libraries.Found>> {
    private static final Artifact CELL = new DefaultArtifact("org.carousel.notebook", "cell", "pom", "1");

    private final Context maven = Runtimes.INSTANCE
            .getRuntime()
            .create(ContextOverrides.create().withUserSettings(true).build());

    /** Called by {@link Libraries}. */
    public MavenLibraries() {}

    @Override
    public List<Libraries.Found> apply(Libraries.Request request) {
        try {
            return resolve(request);
        } catch (DependencyResolutionException | ArtifactDescriptorException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private List<Libraries.Found> resolve(Libraries.Request request)
            throws DependencyResolutionException, ArtifactDescriptorException {
        RepositorySystem system = maven.repositorySystem();
        Path pom = request.pom();
        DefaultRepositorySystemSession session = new DefaultRepositorySystemSession(maven.repositorySystemSession());
        session.setCache(new DefaultRepositoryCache()); // what was missing may be in a repository that came since
        if (pom != null) {
            session.setWorkspaceReader(reader(pom));
        }
        List<RemoteRepository> repositories = repositories(session, request.repositories());
        List<Dependency> managed = new ArrayList<>();
        List<Dependency> wanted = new ArrayList<>();
        for (String bom : request.boms()) {
            managed.addAll(
                    described(session, artifact(session, bom), repositories).getManagedDependencies());
        }
        if (pom != null) {
            ArtifactDescriptorResult project = described(session, CELL, repositories);
            repositories = merged(session, repositories, project.getRepositories());
            managed.addAll(project.getManagedDependencies());
            Set<String> scopes = new HashSet<>(
                    request.scopes().isEmpty()
                            ? List.of(JavaScopes.COMPILE, JavaScopes.RUNTIME, "")
                            : request.scopes());
            project.getDependencies().stream()
                    .filter(d -> scopes.contains(d.getScope()))
                    .map(d -> d.setScope(JavaScopes.COMPILE).setOptional(false))
                    .forEach(wanted::add);
        }
        for (String coordinates : request.coordinates()) {
            wanted.add(new Dependency(versioned(session, coordinates, managed), JavaScopes.COMPILE));
        }
        Set<String> names = wanted.stream()
                .map(d -> d.getArtifact().getGroupId() + ":" + d.getArtifact().getArtifactId())
                .collect(Collectors.toSet());
        CollectRequest tree = new CollectRequest(wanted, managed, repositories);
        DependencyFilter filter = DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME);
        return system.resolveDependencies(session, new DependencyRequest(tree, filter)).getArtifactResults().stream()
                .map(ArtifactResult::getArtifact)
                .filter(a -> !a.getExtension().equals("pom"))
                .map(a -> new Libraries.Found(
                        a.getGroupId(),
                        a.getArtifactId(),
                        a.getClassifier(),
                        a.getVersion(),
                        names.contains(a.getGroupId() + ":" + a.getArtifactId()),
                        a.getFile().toPath()))
                .collect(Collectors.toList());
    }

    private ArtifactDescriptorResult described(
            RepositorySystemSession session, Artifact artifact, List<RemoteRepository> repositories)
            throws ArtifactDescriptorException {
        return maven.repositorySystem()
                .readArtifactDescriptor(session, new ArtifactDescriptorRequest(artifact, repositories, null));
    }

    /** Those of Maven's settings, then those of the notebook, behind the mirrors and proxies of the settings. */
    private List<RemoteRepository> repositories(RepositorySystemSession session, Map<String, String> own) {
        List<RemoteRepository> added = new ArrayList<>();
        own.forEach((name, url) -> added.add(new RemoteRepository.Builder(name, "default", url).build()));
        return merged(session, maven.remoteRepositories(), added);
    }

    private List<RemoteRepository> merged(
            RepositorySystemSession session, List<RemoteRepository> first, List<RemoteRepository> more) {
        List<RemoteRepository> all = new ArrayList<>(first);
        for (RemoteRepository repository : maven.repositorySystem().newResolutionRepositories(session, more)) {
            if (all.stream().noneMatch(r -> r.getId().equals(repository.getId()))) {
                all.add(repository);
            }
        }
        return all;
    }

    /** Finds the project of the notebook in its file. */
    private static WorkspaceReader reader(Path pom) {
        WorkspaceRepository here = new WorkspaceRepository("notebook", pom);
        return new WorkspaceReader() {
            @Override
            public WorkspaceRepository getRepository() {
                return here;
            }

            @Override
            public @Nullable File findArtifact(Artifact artifact) {
                return artifact.getGroupId().equals(CELL.getGroupId()) ? pom.toFile() : null;
            }

            @Override
            public List<String> findVersions(Artifact artifact) {
                return List.of();
            }
        };
    }

    private static Artifact versioned(RepositorySystemSession session, String coordinates, List<Dependency> managed) {
        if (!coordinates.matches("[^:]+:[^:]+")) {
            return artifact(session, coordinates);
        }
        return managed.stream()
                .map(Dependency::getArtifact)
                .filter(a -> coordinates.equals(a.getGroupId() + ":" + a.getArtifactId())
                        && a.getExtension().equals("jar")
                        && a.getClassifier().isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(coordinates
                        + ": which version? no bill of materials of this notebook names it; for example: "
                        + coordinates + ":1.0"));
    }

    /** What the coordinates name; a type such as {@code test-jar} is a file with a classifier. */
    private static Artifact artifact(RepositorySystemSession session, String coordinates) {
        Artifact named;
        try {
            named = new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    coordinates + ": a library is named group:artifact:version, such as org.ejml:ejml-simple:0.44.0",
                    e);
        }
        ArtifactType type = session.getArtifactTypeRegistry().get(named.getExtension());
        return type == null || !named.getClassifier().isEmpty()
                ? named
                : new DefaultArtifact(
                        named.getGroupId(),
                        named.getArtifactId(),
                        type.getClassifier(),
                        type.getExtension(),
                        named.getVersion());
    }
}
