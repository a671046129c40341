package io.jofka.node.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jofka.node.metadata.ImageReplay;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.NodeImage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two brokers, 1 in use and 2 fenced, and a controller that is none, as of index 10; a session is 100 ns. */
final class LivenessTest {
    private static final UUID LIFE = new UUID(1, 1);
    private static final UUID NEW_LIFE = new UUID(1, 2);

    private final Liveness liveness = new Liveness(100, 30);
    private final MetadataImage image = image(false, true);

    private static MetadataImage image(boolean firstFenced, boolean secondFenced) {
        ImageReplay replay = new ImageReplay(MetadataImage.empty());
        replay.replay(new MetadataRecord.NodeRegistered(node(1, true, firstFenced)), 0, 1);
        replay.replay(new MetadataRecord.NodeRegistered(node(2, true, secondFenced)), 1, 1);
        replay.replay(new MetadataRecord.NodeRegistered(node(3, false, false)), 2, 1);
        replay.advance(10, 1);
        return replay.image();
    }

    private static NodeImage node(int id, boolean broker, boolean fenced) {
        return new NodeImage(id, LIFE, broker, true, fenced, "", Map.of(), List.of());
    }

    @Test
    void aSilentNodeIsFencedWhenItsSessionIsOver() {
        liveness.lead(1_000);
        liveness.heard(1, LIFE, 10, true, 1_050);
        assertThat(liveness.due(image, 1_150), is(empty()));
        assertThat(liveness.due(image, 1_151), contains(new FenceNode(1, LIFE, true)));
    }

    @Test
    void aNewLeaderGivesEverybodyAWholeSession() {
        liveness.lead(0);
        liveness.heard(1, LIFE, 10, true, 10);
        liveness.lead(500);
        assertThat(liveness.due(image, 600), is(empty()));
        assertThat(liveness.due(image, 601), contains(new FenceNode(1, LIFE, true)));
    }

    @Test
    void theWordOfAnotherLifeCountsNothing() {
        liveness.lead(0);
        liveness.heard(1, NEW_LIFE, 10, true, 90);
        assertThat(liveness.due(image, 101), contains(new FenceNode(1, LIFE, true)));
    }

    @Test
    void aFencedNodeIsUsedWhenItIsReadyAndKnowsTheImageThatFencedIt() {
        liveness.lead(0);
        liveness.heard(1, LIFE, 10, true, 50);
        liveness.heard(2, LIFE, 10, false, 50);
        assertThat(liveness.due(image, 51), is(empty()));
        liveness.heard(2, LIFE, 9, true, 52);
        assertThat(liveness.due(image, 53), is(empty()));
        liveness.heard(2, LIFE, 10, true, 54);
        assertThat(liveness.due(image, 55), contains(new FenceNode(2, LIFE, false)));
    }

    @Test
    void whoMissesAHeartbeatIsAskedAndControllersAreNot() {
        liveness.lead(0);
        liveness.heard(1, LIFE, 10, true, 1);
        assertThat(liveness.missing(image, 31), is(empty()));
        assertThat(liveness.missing(image, 32), contains(1));
        liveness.heard(1, LIFE, 10, true, 32);
        assertThat(liveness.missing(image, 60), is(empty()));
    }

    @Test
    void whoWasNotHeardByANewControllerIsAskedAtOnce() {
        liveness.heard(1, LIFE, 10, true, 0);
        liveness.lead(1);
        assertThat(liveness.missing(image, 1), contains(1));
    }

    @Test
    void aFencedNodeThatStaysSilentIsLeftAlone() {
        liveness.lead(0);
        assertThat(liveness.due(image(true, true), 5_000), is(empty()));
    }
}
