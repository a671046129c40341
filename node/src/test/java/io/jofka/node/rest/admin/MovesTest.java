package io.jofka.node.rest.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jofka.node.metadata.PartitionImage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Elections, moves of replicas and what a partition shows of its replicas. */
class MovesTest {
    private static final ContractCheck CONTRACT = new ContractCheck();
    private static final String ELECT = "/api/v1/topics/t/partitions/0/elect-leader";
    private static final String MOVES = "/api/v1/reassignments";

    private final RestNode node = new RestNode();

    @BeforeEach
    void create() {
        send(201, "POST", "/api/v1/topics", "{\"name\":\"t\",\"partitions\":2}");
        node.cluster.put("t", new PartitionImage(0, List.of(1, 2), List.of(1, 2), List.of(), 1, 4, 4));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private JsonNode send(int status, String method, String path, String body) {
        HttpResponse<String> answer = node.send(method, path, body);
        assertThat(method + " " + path + ": " + answer.body(), answer.statusCode(), is(status));
        assertThat(answer.body(), CONTRACT.faults(method, path, answer), empty());
        try {
            return new ObjectMapper().readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private String refused(int status, String method, String path, String body) {
        JsonNode problem = send(status, method, path, body);
        return problem.path("code").asText() + " "
                + problem.path("errors").path(0).path("pointer").asText("-");
    }

    @Test
    void aPartitionShowsWhatItsLeaderKnowsOfEveryReplica() {
        JsonNode partition = send(200, "GET", "/api/v1/topics/t/partitions/0", "");
        assertThat(
                partition.path("replicas").toString(),
                is("[{\"inSync\":true,\"lagRecords\":0,\"logEndOffset\":12,\"node\":1},"
                        + "{\"inSync\":true,\"lagRecords\":3,\"lastFetchMsAgo\":20,\"logEndOffset\":9,\"node\":2}]"));
        assertThat(partition.path("highWatermark").asLong(), is(12L));
        JsonNode list = send(200, "GET", "/api/v1/topics/t/partitions", "");
        assertThat(list.path("items").path(0), is(partition));
    }

    @Test
    void whoIsInSyncIsElectedByPreferenceOrByName() {
        JsonNode elected = send(200, "POST", ELECT, "{\"node\":2}");
        assertThat(elected.path("leader").asInt(), is(2));
        assertThat(elected.path("leaderEpoch").asInt(), is(5));
        assertThat(elected.path("unclean").asBoolean(), is(false));
        assertThat(elected.has("lostFromOffset"), is(false));
        JsonNode back = send(200, "POST", ELECT, "{\"preferred\":true}");
        assertThat(back.path("leader").asInt(), is(1));
        assertThat(refused(409, "POST", ELECT, "{\"preferred\":true}"), is("ELECTION_NOT_NEEDED -"));
        assertThat(refused(409, "POST", ELECT, "{\"acceptLoss\":true}"), is("ELECTION_NOT_NEEDED -"));
    }

    @Test
    void aLossIsNamedBeforeAndAfterItIsAccepted() {
        node.cluster.put("t", new PartitionImage(0, List.of(2, 1), List.of(2), List.of(), -1, 4, 4));
        JsonNode plan = send(200, "POST", ELECT + "?dryRun=true", "{\"acceptLoss\":true}");
        assertThat(plan.path("leader").asInt(), is(1));
        assertThat(plan.path("unclean").asBoolean(), is(true));
        assertThat(plan.path("lostFromOffset").asLong(), is(12L));
        assertThat(plan.path("candidates").path(0).path("logEndOffset").asLong(), is(12L));
        assertThat(send(200, "GET", "/api/v1/topics/t/partitions/0", "").has("leader"), is(false));
        HttpResponse<String> done = node.post(ELECT, "{\"acceptLoss\":true}");
        assertThat(done.statusCode(), is(200));
        assertThat(done.headers().firstValue("Jofka-Metadata-Index").isPresent(), is(true));
        assertThat(
                send(200, "GET", "/api/v1/topics/t/partitions/0", "")
                        .path("leader")
                        .asInt(),
                is(1));
    }

    @Test
    void anElectionSaysExactlyWhatItWants() {
        assertThat(refused(422, "POST", ELECT, "{}"), is("INVALID_BODY "));
        assertThat(refused(422, "POST", ELECT, "{\"acceptLoss\":false}"), is("INVALID_BODY "));
        assertThat(refused(422, "POST", ELECT, "{\"preferred\":true,\"node\":1}"), is("INVALID_BODY /preferred"));
        assertThat(refused(422, "POST", ELECT, "{\"node\":-1}"), is("INVALID_BODY /node"));
        assertThat(refused(422, "POST", ELECT, "{\"node\":3}"), is("INVALID_REPLICA_ASSIGNMENT -"));
        assertThat(refused(422, "POST", ELECT, "{\"uncleanly\":true}"), is("INVALID_BODY /uncleanly"));
        assertThat(
                refused(404, "POST", "/api/v1/topics/t/partitions/9/elect-leader", "{\"preferred\":true}"),
                is("UNKNOWN_TOPIC_OR_PARTITION -"));
    }

    private static String move(int partition, String replicas) {
        return "{\"moves\":[{\"topic\":\"t\",\"partition\":" + partition + ",\"replicas\":" + replicas + "}]}";
    }

    @Test
    void aMoveIsPlannedBegunShownWithItsProgressAndTakenBack() {
        JsonNode plan = send(200, "POST", MOVES + "?dryRun=true", move(1, "[2]"));
        assertThat(plan.path("items").path(0).path("adding").toString(), is("[2]"));
        assertThat(plan.path("items").path(0).path("removing").toString(), is("[1]"));
        assertThat(send(200, "GET", MOVES, "").path("total").asInt(), is(0));
        HttpResponse<String> begun = node.post(MOVES, move(1, "[2]"));
        assertThat(begun.body(), begun.statusCode(), is(202));
        assertThat(CONTRACT.faults("POST", MOVES, begun), empty());
        assertThat(begun.headers().firstValue("Location").orElse(""), is(MOVES));
        assertThat(begun.headers().firstValue("Jofka-Metadata-Index").isPresent(), is(true));
        JsonNode moving = send(200, "GET", MOVES, "").path("items").path(0);
        assertThat(moving.path("replicas").toString(), is("[2]"));
        assertThat(moving.path("progress").path(0).path("lagRecords").asLong(), is(3L));
        assertThat(moving.path("remainingRecords").asLong(), is(3L));
        assertThat(
                "3 of 10 records in 1200 bytes", moving.path("remainingBytes").asLong(), is(360L));
        JsonNode partition = send(200, "GET", "/api/v1/topics/t/partitions/1", "");
        assertThat(partition.path("adding").toString(), is("[2]"));
        send(204, "DELETE", MOVES + "/t/1", "");
        assertThat(send(200, "GET", MOVES, "").path("total").asInt(), is(0));
        assertThat(refused(409, "DELETE", MOVES + "/t/1", ""), is("NO_REASSIGNMENT_IN_PROGRESS -"));
    }

    @Test
    void allMovesBeginOrNone() {
        String body = "{\"moves\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[3]},"
                + "{\"topic\":\"t\",\"partition\":1,\"replicas\":[9]},{\"topic\":\"x\",\"partition\":0,\"replicas\":[1]}]}";
        JsonNode problem = send(422, "POST", MOVES, body);
        assertThat(problem.path("code").asText(), is("INVALID_REPLICA_ASSIGNMENT"));
        assertThat(problem.path("errors").path(0).path("pointer").asText(), is("/moves/1"));
        assertThat(problem.path("errors").path(1).path("pointer").asText(), is("/moves/2"));
        assertThat(problem.path("errors").path(1).path("code").asText(), is("UNKNOWN_TOPIC_OR_PARTITION"));
        assertThat(send(200, "GET", MOVES, "").path("total").asInt(), is(0));
    }

    @Test
    void theThrottleIsSetShownAndLifted() {
        String throttled = move(1, "[2]").replace("]}]}", "]}],\"throttleBytesPerSecond\":1000}");
        assertThat(
                send(200, "POST", MOVES + "?dryRun=true", throttled)
                        .path("throttleBytesPerSecond")
                        .asLong(),
                is(1000L));
        assertThat(send(200, "GET", MOVES, "").has("throttleBytesPerSecond"), is(false));
        assertThat(
                send(202, "POST", MOVES, throttled)
                        .path("throttleBytesPerSecond")
                        .asLong(),
                is(1000L));
        assertThat(send(200, "GET", MOVES, "").path("throttleBytesPerSecond").asLong(), is(1000L));
        assertThat(
                send(200, "GET", "/api/v1/nodes/default/configs", "").toString(),
                containsString("\"name\":\"follower.replication.throttled.rate\",\"readOnly\":false"));
        send(202, "POST", MOVES, throttled.replace("1000", "0"));
        assertThat(send(200, "GET", MOVES, "").has("throttleBytesPerSecond"), is(false));
        assertThat(
                refused(422, "POST", MOVES, throttled.replace("1000", "-1")),
                is("INVALID_BODY /throttleBytesPerSecond"));
    }

    @Test
    void aReassignmentSaysWhatIsToMove() {
        assertThat(refused(422, "POST", MOVES, "{}"), is("INVALID_BODY /strategy"));
        assertThat(refused(422, "POST", MOVES, "{\"moves\":[]}"), is("INVALID_BODY /moves"));
        assertThat(refused(422, "POST", MOVES, "{\"strategy\":\"chance\"}"), is("INVALID_BODY /strategy"));
        assertThat(
                refused(422, "POST", MOVES, move(0, "[1]").replace("}]}", "}],\"strategy\":\"balance\"}")),
                is("INVALID_BODY /moves"));
        assertThat(
                refused(422, "POST", MOVES, "{\"strategy\":\"balance\",\"maxMoves\":0}"), is("INVALID_BODY /maxMoves"));
        assertThat(
                refused(404, "POST", MOVES, "{\"strategy\":\"balance\",\"topics\":[\"t\",\"none\"]}"),
                is("UNKNOWN_TOPIC_OR_PARTITION /topics/1"));
        JsonNode nothing = send(202, "POST", MOVES, "{\"strategy\":\"balance\"}");
        assertThat("one node is balanced", nothing.path("total").asInt(), is(0));
    }

    private static final String NODE = "/api/v1/nodes/1";

    @Test
    void aNodeIsDrainedAndResumed() {
        JsonNode plan = send(200, "POST", NODE + "/drain?dryRun=true", "");
        assertThat(plan.path("draining").asBoolean(), is(false));
        HttpResponse<String> drained = node.post(NODE + "/drain", "");
        assertThat(drained.headers().firstValue("Jofka-Metadata-Index").isPresent(), is(true));
        assertThat(send(200, "GET", NODE, "").path("draining").asBoolean(), is(true));
        assertThat(send(200, "POST", NODE + "/resume", "").path("draining").asBoolean(), is(false));
        assertThat(refused(404, "POST", "/api/v1/nodes/7/drain", ""), is("UNKNOWN_NODE -"));
        assertThat(refused(400, "POST", "/api/v1/nodes/x/drain", ""), is("INVALID_PARAMETER ?node"));
        assertThat(refused(400, "POST", NODE + "/drain?force=1", ""), is("INVALID_PARAMETER ?force"));
    }

    @Test
    void aNodeThatIsToGoTellsHowFarItIs() {
        assertThat(refused(404, "GET", NODE + "/decommission", ""), is("NOT_FOUND -"));
        JsonNode plan = send(200, "POST", NODE + "/decommission?dryRun=true", "");
        assertThat(plan.path("state").asText(), is("planned"));
        assertThat(plan.path("replicas").asInt(), is(2));
        HttpResponse<String> begun = node.post(NODE + "/decommission", "");
        assertThat(begun.body(), begun.statusCode(), is(202));
        assertThat(CONTRACT.faults("POST", NODE + "/decommission", begun), empty());
        assertThat(begun.headers().firstValue("Location").orElse(""), is(NODE + "/decommission"));
        JsonNode how = send(200, "GET", NODE + "/decommission", "");
        assertThat("the fake has one node", how.path("state").asText(), is("stuck"));
        assertThat(how.path("firstStuck").asText(), is("t-0"));
        assertThat(how.path("voter").asBoolean(), is(true));
        assertThat(
                send(200, "POST", NODE + "/resume", "").path("decommissioning").asBoolean(), is(false));
    }

    @Test
    void theLeadIsHandedToAVoterOnly() {
        assertThat(
                send(200, "POST", "/api/v1/raft/transfer-leadership", "{\"node\":1}")
                        .path("leader")
                        .asInt(),
                is(1));
        String address = "/api/v1/raft/transfer-leadership";
        assertThat(refused(422, "POST", address, "{\"node\":5}"), is("INVALID_BODY /node"));
        assertThat(refused(422, "POST", address, "{\"node\":-1}"), is("INVALID_BODY /node"));
        assertThat(refused(422, "POST", address, "{}"), is("INVALID_BODY /node"));
        assertThat(refused(400, "POST", address + "?timeoutMs=0", "{\"node\":1}"), is("INVALID_PARAMETER ?timeoutMs"));
    }

    @Test
    void votersCannotBeChangedAndTheProblemSaysWhyAndHowItWouldBeOpened() {
        for (String method : List.of("POST", "DELETE")) {
            JsonNode problem = send(501, method, "/api/v1/raft/voters/4", "");
            assertThat(problem.path("code").asText(), is("FEATURE_OFF"));
            assertThat(problem.path("detail").asText(), containsString("50,000 seeds"));
            assertThat(refused(400, method, "/api/v1/raft/voters/x", ""), is("INVALID_PARAMETER ?node"));
        }
    }
}
