package io.jofka.node.rest.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import io.jofka.node.rest.Contract;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The resources and the document know the same operations. */
class ResourcesTest {
    private static final List<Class<?>> RESOURCES = List.of(
            TopicsResource.class,
            TopicConfigsResource.class,
            PartitionsResource.class,
            ElectionsResource.class,
            ReassignmentsResource.class,
            NodesResource.class,
            RaftResource.class);

    private static final Set<String> ROOTS = Set.of("topics", "nodes", "raft", "reassignments");

    /** Below the same roots, served by the data path. */
    private static final Set<String> DATA = Set.of("records", "raw", "batches", "offsets", "truncate");

    @Test
    void everyResourceMethodIsInTheDocumentAndTheOtherWayRound() {
        Set<String> ofResources = new TreeSet<>();
        for (Class<?> resource : RESOURCES) {
            String root = "/api/v1" + path(resource.getAnnotation(Path.class));
            for (Method method : resource.getDeclaredMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (http != null) {
                        ofResources.add(http.value() + " " + root + path(method.getAnnotation(Path.class)));
                    }
                }
            }
        }
        Set<String> ofDocument = new Contract()
                .operations().stream()
                        .filter(ResourcesTest::isAdmin)
                        .map(o -> o.method() + " " + o.path())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ofResources, equalTo(ofDocument));
        assertThat(ofResources.size(), greaterThan(15));
    }

    private static String path(@org.jspecify.annotations.Nullable Path path) {
        return path == null ? "" : path.value();
    }

    private static boolean isAdmin(Contract.Operation operation) {
        String[] segments = operation.path().split("/", -1);
        return !operation.planned()
                && segments.length > 3
                && ROOTS.contains(segments[3])
                && !DATA.contains(segments[segments.length - 1]);
    }
}
