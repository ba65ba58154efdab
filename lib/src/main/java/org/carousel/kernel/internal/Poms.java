package org.carousel.kernel.internal;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What a cell writes of a Maven project, made whole: a few dependencies are enough. */
final class Poms {
    private Poms() {}

    /**
     * A project with what the text holds: a project, or elements of one, such as {@code <dependency>}, {@code
     * <repository>} or {@code <dependencyManagement>}.
     *
     * @throws IllegalArgumentException when it is no XML
     */
    static String whole(String text) {
        try {
            DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            String body = text.replaceFirst("(?s)^\\s*<\\?xml.*?\\?>", "");
            Document given =
                    parsers.newDocumentBuilder().parse(new InputSource(new StringReader("<cell>" + body + "</cell>")));
            Document whole = parsers.newDocumentBuilder().newDocument();
            Element project = whole.createElement("project");
            whole.appendChild(project);
            for (Element part : parts(given.getDocumentElement())) {
                append(project, part);
            }
            Map<String, String> needed = new LinkedHashMap<>();
            needed.put("modelVersion", "4.0.0");
            needed.put("groupId", "org.carousel.notebook");
            needed.put("artifactId", "cell");
            needed.put("version", "1");
            needed.forEach((name, value) -> {
                if (child(project, name) == null) {
                    project.appendChild(whole.createElement(name)).setTextContent(value);
                }
            });
            StringWriter out = new StringWriter();
            TransformerFactory writers = TransformerFactory.newInstance();
            writers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            writers.newTransformer().transform(new DOMSource(whole), new StreamResult(out));
            return out.toString();
        } catch (SAXException e) {
            throw new IllegalArgumentException("%%loadFromPOM: this is no part of a pom.xml: " + e.getMessage(), e);
        } catch (IOException | ParserConfigurationException | TransformerException e) {
            throw new IllegalStateException("%%loadFromPOM: " + e.getMessage(), e);
        }
    }

    /** The elements of a project, whether one stands around them or not. */
    private static List<Element> parts(Element cell) {
        List<Element> parts = new ArrayList<>();
        for (Element element : children(cell)) {
            if (element.getTagName().equals("project")) {
                parts.addAll(children(element));
            } else {
                parts.add(element);
            }
        }
        return parts;
    }

    /** Single dependencies and repositories go into the list that they belong to. */
    private static void append(Element project, Element part) {
        switch (part.getTagName()) {
            case "dependency" -> list(project, "dependencies").appendChild(copy(project, part));
            case "repository" -> list(project, "repositories").appendChild(copy(project, part));
            case "dependencies", "repositories" ->
                children(part).forEach(one -> list(project, part.getTagName()).appendChild(copy(project, one)));
            default -> project.appendChild(copy(project, part));
        }
    }

    private static Node copy(Element project, Node node) {
        return project.getOwnerDocument().importNode(node, true);
    }

    private static Node list(Element project, String name) {
        Element there = child(project, name);
        return there != null
                ? there
                : project.appendChild(project.getOwnerDocument().createElement(name));
    }

    private static @org.jspecify.annotations.Nullable Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(e -> e.getTagName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }
}
