package org.carousel.kernel.internal;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of cells and of the libraries that they add.
 *
 * <p>What a notebook adds comes before what the kernel brings: the version that was asked for is the one that cells get,
 * and a logging framework that was added is not silenced by the kernel's. Java's own classes and this library's come
 * first of all.
 */
final class CellLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of("org.carousel.", "io.github.spencerpark.");

    private final Map<String, byte[]> declared = new HashMap<>();
    private final Set<String> lent = ConcurrentHashMap.newKeySet();

    CellLoader() {
        super(new URL[0], CellLoader.class.getClassLoader());
    }

    /** Makes known a class of a cell. */
    synchronized void declare(String name, byte[] classFile) {
        declared.put(name, classFile);
    }

    @Override
    protected void addURL(URL url) {
        super.addURL(url);
    }

    /** Whether cells use a class of this package already that the kernel brought: another one cannot take its place. */
    boolean isLent(String packageName) {
        return lent.contains(packageName);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null) {
                type = platformOrOwn(name);
            }
            if (type == null) {
                type = getParent().loadClass(name);
                lent.add(packageOf(name));
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    private @Nullable Class<?> platformOrOwn(String name) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return null;
        }
        if (!isDeclared(name)) {
            try {
                return getPlatformClassLoader().loadClass(name);
            } catch (ClassNotFoundException e) {
                // it is none of Java's
            }
        }
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private synchronized boolean isDeclared(String name) {
        return declared.containsKey(name);
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] classFile;
        synchronized (this) {
            classFile = declared.remove(name);
        }
        return classFile == null
                ? super.findClass(name)
                : defineClass(name, classFile, 0, classFile.length, (CodeSource) null);
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    /** Providers of the kernel are none of a service that a library of the notebook declares anew. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>(Collections.list(findResources(name)));
        String services = "META-INF/services/";
        boolean isOwn = name.startsWith(services)
                && findResource(name.substring(services.length()).replace('.', '/') + ".class") != null;
        if (!isOwn) {
            found.addAll(Collections.list(getParent().getResources(name)));
        }
        return Collections.enumeration(found);
    }
}
