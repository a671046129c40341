package io.jofka.tests.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Ports;
import io.jofka.tests.harness.Rest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator does to a running cluster of three, asked at nodes that have to hand it on; and Kafka's Admin. */
@Tag("cluster")
class AdministrationIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static ClusterProcess cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterProcess.start("admin", 3);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Rest api(int node) {
        return cluster.node(node).api();
    }

    private static int controller() {
        return cluster.controller(cluster.ids(), cluster.ids());
    }

    /** A node that is none of these. */
    private static int other(int... not) {
        return cluster.ids().stream()
                .filter(id -> java.util.Arrays.stream(not).noneMatch(n -> n == id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode partition(int asked, String topic) {
        return api(asked).get("/topics/" + topic + "/partitions/0").orFail().json();
    }

    private static String replicas(int asked, String topic) {
        StringBuilder nodes = new StringBuilder();
        partition(asked, topic)
                .path("replicas")
                .forEach(r -> nodes.append(r.path("node").asInt()).append(' '));
        return nodes.toString().strip();
    }

    private static void create(String topic, int... replicas) {
        StringBuilder nodes = new StringBuilder();
        for (int node : replicas) {
            nodes.append(nodes.isEmpty() ? "" : ",").append(node);
        }
        String body = "{\"name\":\"" + topic + "\",\"assignment\":[{\"partition\":0,\"replicas\":[" + nodes + "]}]}";
        Await.until(DEADLINE, topic + " can be created", () -> {
            int status = api(1).post("/topics", body).status();
            return status == 201 || status == 409;
        });
        cluster.awaitInSync(topic, replicas.length);
    }

    private static void produce(int at, String topic, int records) {
        for (int i = 0; i < records; i++) {
            String body = "{\"records\":[{\"value\":\"record " + i + "\"}]}";
            Await.until(
                    DEADLINE,
                    "a record for " + topic,
                    () -> api(at).post("/topics/" + topic + "/records", body).status() == 200);
        }
    }

    @Test
    void replicasMoveAndThePartitionShowsEveryReplica() {
        create("moved", 1, 2);
        int asked = other(controller(), 1);
        produce(asked, "moved", 20);
        String move = "{\"moves\":[{\"topic\":\"moved\",\"partition\":0,\"replicas\":[3,2]}],"
                + "\"throttleBytesPerSecond\":1000000}";
        JsonNode plan =
                api(asked).post("/reassignments?dryRun=true", move).orFail().json();
        assertThat(plan.path("items").path(0).path("adding").toString(), is("[3]"));
        assertThat(replicas(asked, "moved"), is("1 2"));
        Rest.Answer begun = api(asked).post("/reassignments", move).orFail();
        assertThat(begun.headers(), hasKey("jofka-metadata-index"));
        Await.until(DEADLINE, "the move is over", () -> replicas(asked, "moved").equals("3 2"));
        cluster.awaitInSync("moved", 2);
        JsonNode list = api(asked).get("/reassignments").orFail().json();
        assertThat(list.path("total").asInt(), is(0));
        assertThat(list.path("throttleBytesPerSecond").asLong(), is(1_000_000L));
        api(asked)
                .post(
                        "/reassignments",
                        "{\"strategy\":\"balance\",\"topics\":[\"moved\"],\"throttleBytesPerSecond\":0}")
                .orFail();
        Await.until(DEADLINE, "the leader tells where both are", () -> {
            JsonNode all = partition(asked, "moved").path("replicas");
            return all.size() == 2
                    && all.path(0).path("logEndOffset").asLong(-1) == 20
                    && all.path(1).path("logEndOffset").asLong(-1) == 20
                    && all.path(1).path("lagRecords").asLong(-1) == 0;
        });
    }

    @Test
    void aDrainedNodeLeadsNothingAndPreferredLeadersComeBack() {
        create("drained", 1, 2, 3);
        int asked = other(controller(), 1);
        JsonNode node = api(asked).post("/nodes/1/drain", "").orFail().json();
        assertThat(node.path("draining").asBoolean(), is(true));
        assertThat(node.path("leaders").asInt(), is(0));
        assertThat(partition(asked, "drained").path("leader").asInt(), is(2));
        Rest.Answer draining = api(asked).post("/topics/drained/partitions/0/elect-leader", "{\"preferred\":true}");
        assertThat(draining.problem(), is("preferred-leader-not-available"));
        api(asked).post("/nodes/1/resume", "").orFail();
        Rest.Answer elected = api(asked).post("/topics/drained/partitions/0/elect-leader", "{\"preferred\":true}");
        // the controller may have given the lead back by itself already
        assertThat(elected.text(), elected.status() == 200 || elected.problem().equals("election-not-needed"));
        assertThat(partition(asked, "drained").path("leader").asInt(), is(1));
        JsonNode third = api(asked)
                .post("/topics/drained/partitions/0/elect-leader", "{\"node\":3}")
                .orFail()
                .json();
        assertThat(third.path("leader").asInt(), is(3));
        assertThat(third.path("unclean").asBoolean(), is(false));
    }

    @Test
    void theLeadOfTheQuorumGoesToTheVoterThatIsNamed() {
        int before = controller();
        int wanted = other(before);
        int asked = other(before, wanted);
        JsonNode raft = api(asked)
                .post("/raft/transfer-leadership", "{\"node\":" + wanted + "}")
                .orFail()
                .json();
        assertThat(raft.path("leader").asInt(), is(wanted));
        assertThat(controller(), is(wanted));
        Await.until(DEADLINE, "the new leader knows where the voters are", () -> {
            JsonNode voters = api(asked).get("/raft").orFail().json().path("voters");
            return voters.size() == 3 && voters.findValues("logEndOffset").size() == 3;
        });
        assertThat(api(asked).post("/raft/transfer-leadership", "{\"node\":9}").status(), is(422));
        assertThat(api(asked).post("/raft/voters/4", "").problem(), is("feature-off"));
    }

    @Test
    void aFourthNodeTakesItsShareAndIsDecommissioned() {
        create("share", 1, 2);
        NodeOptions options = NodeOptions.fresh("admin-4")
                .withProperty("server.node-id", "4")
                .withProperty("server.roles", "broker")
                .withProperty(
                        "server.cluster.peers",
                        cluster.options(1).properties().getOrDefault("server.cluster.peers", ""))
                .withProperty("jofka.cluster.id", "admin")
                .withProperty("jofka.peer.port", Integer.toString(Ports.pair()));
        int asked = other(controller());
        try (NodeProcess fourth = NodeProcess.start(options)) {
            Await.until(DEADLINE, "node 4 may be used", () -> {
                Rest.Answer answer = api(asked).get("/nodes/4");
                return answer.status() == 200 && !answer.json().path("fenced").asBoolean(true);
            });
            fourth.api()
                    .post("/reassignments", "{\"moves\":[{\"topic\":\"share\",\"partition\":0,\"replicas\":[4,2]}]}")
                    .orFail();
            Await.until(DEADLINE, "it has moved", () -> replicas(asked, "share").equals("4 2"));
            Rest.Answer begun = fourth.api().post("/nodes/4/decommission", "").orFail();
            assertThat(begun.status(), is(202));
            Await.until(
                    DEADLINE,
                    "node 4 holds nothing",
                    () -> api(asked)
                            .get("/nodes/4/decommission")
                            .orFail()
                            .json()
                            .path("state")
                            .asText()
                            .equals("empty"));
            cluster.awaitInSync("share", 2);
            fourth.stop();
            Await.until(
                    DEADLINE,
                    "node 4 is forgotten",
                    () -> api(asked).get("/nodes/4").problem().equals("unknown-node"));
        }
    }

    @Test
    void aLossIsAcceptedWhereTheOnlyReplicaInSyncIsDead() {
        int stays = controller();
        int behind = other(stays);
        int only = other(stays, behind);
        create("lossy", only, behind);
        produce(stays, "lossy", 5);
        cluster.node(behind).kill();
        Await.until(
                DEADLINE,
                "it left the in-sync set",
                () -> partition(stays, "lossy").path("isr").size() == 1);
        produce(stays, "lossy", 7);
        cluster.node(only).kill();
        cluster.start(behind);
        String elect = "/topics/lossy/partitions/0/elect-leader";
        Await.until(DEADLINE, "nobody leads, and the replica that lives tells where it ends", () -> {
            Rest.Answer plan = api(stays).post(elect + "?dryRun=true", "{\"acceptLoss\":true}");
            return plan.status() == 200 && plan.json().path("lostFromOffset").asLong(-1) == 5;
        });
        assertThat(api(stays).post(elect, "{\"preferred\":true}").status(), is(409));
        assertThat(partition(stays, "lossy").has("leader"), is(false));
        JsonNode lossy =
                api(stays).post(elect, "{\"acceptLoss\":true}").orFail().json();
        assertThat(lossy.path("leader").asInt(), is(behind));
        assertThat(lossy.path("unclean").asBoolean(), is(true));
        assertThat(lossy.path("lostFromOffset").asLong(), is(5L));
        produce(stays, "lossy", 1);
        cluster.start(only);
        cluster.awaitInSync("lossy", 2);
        assertThat(partition(stays, "lossy").path("logEndOffset").asLong(), is(6L));
    }

    @Test
    void kafkasAdminIsServedAtEveryNode() throws Exception {
        create("kafka", 1, 2);
        TopicPartition partition = new TopicPartition("kafka", 0);
        for (int node : cluster.ids()) {
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", cluster.node(node).kafka()))) {
                QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get(30, TimeUnit.SECONDS);
                assertThat(quorum.leaderId(), is(controller()));
                assertThat(quorum.voters().size(), is(3));
                quorum.voters().forEach(v -> assertThat(v.logEndOffset(), is(greaterThanOrEqualTo(0L))));
                List<Integer> target = node == 2 ? List.of(2, 1) : List.of(1, 2);
                admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(target))))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                Await.until(
                        DEADLINE,
                        "Kafka's client sees no move any more",
                        () -> moving(admin).isEmpty());
                var elected = admin.electLeaders(ElectionType.PREFERRED, Set.of(partition))
                        .partitions()
                        .get(30, TimeUnit.SECONDS);
                assertThat(elected.keySet(), is(Set.of(partition)));
                Await.until(
                        DEADLINE,
                        "the preferred leader leads",
                        () -> partition(node, "kafka").path("leader").asInt() == target.getFirst());
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            assertThat(moving(admin), is(empty()));
        }
    }

    private static Set<TopicPartition> moving(Admin admin) {
        try {
            return admin.listPartitionReassignments()
                    .reassignments()
                    .get(30, TimeUnit.SECONDS)
                    .keySet();
        } catch (Exception e) {
            throw new AssertionError("the moves are not listed", e);
        }
    }
}
