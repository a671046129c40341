package io.jofka.node.consensus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.raft.ElectionState;
import org.apache.kafka.raft.QuorumStateStore;
import org.apache.kafka.raft.generated.QuorumStateData;
import org.apache.kafka.server.common.KRaftVersion;

/**
 * Term and vote of this node (Raft paper, figure 2: persistent state), durable before any answer that follows from them.
 * A file that cannot be trusted is refused: this node could vote twice in one term. One thread.
 */
final class VoteFile implements QuorumStateStore {
    static final String NAME = "vote";
    private static final String FORMAT = "1";

    private final Path file;

    VoteFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    @Override
    public Optional<ElectionState> readElectionState() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Map<String, String> values = ChecksummedFile.read(file);
            if (!FORMAT.equals(values.get("format"))) {
                throw new RefusedFolder("The vote file " + file + " has format " + values.get("format")
                        + "; this version reads format " + FORMAT + ". Nothing was changed.");
            }
            return Optional.of(ElectionState.fromQuorumStateData(new QuorumStateData()
                    .setLeaderEpoch(number(values, "term"))
                    .setLeaderId(number(values, "leader"))
                    .setVotedId(number(values, "voted"))
                    .setVotedDirectoryId(Uuid.fromString(String.valueOf(values.get("votedDirectory"))))));
        } catch (IOException e) {
            throw new UncheckedIOException("The vote file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new RefusedFolder(
                    "The vote file " + file + " cannot be understood: " + e.getMessage() + ". Nothing was changed.");
        }
    }

    private static int number(Map<String, String> values, String name) {
        return Integer.parseInt(String.valueOf(values.get(name)));
    }

    @Override
    public void writeElectionState(ElectionState latest, KRaftVersion version) {
        QuorumStateData data = latest.toQuorumStateData(version.quorumStateVersion());
        Map<String, String> values = new LinkedHashMap<>();
        values.put("format", FORMAT);
        values.put("term", Integer.toString(data.leaderEpoch()));
        values.put("leader", Integer.toString(data.leaderId()));
        values.put("voted", Integer.toString(data.votedId()));
        values.put("votedDirectory", data.votedDirectoryId().toString());
        try {
            ChecksummedFile.write(file, values);
        } catch (IOException e) {
            throw new UncheckedIOException("The vote file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public void clear() {
        try {
            if (Files.deleteIfExists(file)) {
                ChecksummedFile.forceName(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The vote file " + file + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
