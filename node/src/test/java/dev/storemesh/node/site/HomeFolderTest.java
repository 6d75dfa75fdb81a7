package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeFolderTest {
    @TempDir
    Path folder;

    @Test
    void isMadeForItsOwnerAlone() throws Exception {
        try (var home = HomeFolder.open(folder.resolve("a/b"))) {
            assertThat(modeOf(home.path())).isEqualTo("rwx------");
            assertThat(modeOf(home.path().resolve("node.lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void keepsPrivateFilesPrivate() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            home.create("operator.token", "smt_1");
            assertThat(modeOf(folder.resolve("operator.token"))).isEqualTo("rw-------");
            home.write("operator.token", "smt_2");
            assertThat(modeOf(folder.resolve("operator.token"))).isEqualTo("rw-------");
            assertThat(home.read("operator.token")).contains("smt_2");
        }
    }

    @Test
    void makesAFileOnlyOnce() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            home.create("node.id", "1");
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> home.create("node.id", "2"));
            assertThat(home.read("node.id")).contains("1");
        }
    }

    @Test
    void replacesAFileWholeAndLeavesNothingBeside() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            home.create("node.id", "a long one");
            try (var reader = Files.newBufferedReader(folder.resolve("node.id"))) {
                home.write("node.id", "short");
                assertThat(reader.readLine()).isEqualTo("a long one"); // the old file was replaced, not changed
            }
            assertThat(Files.readString(folder.resolve("node.id"))).isEqualTo("short\n");
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("node.id", "node.lock");
            }
        }
    }

    @Test
    void writesAlthoughAnEarlierWriteWasKilled() throws Exception {
        Files.writeString(folder.resolve("node.id.new"), "half");
        try (var home = HomeFolder.open(folder)) {
            home.write("node.id", "whole");
            assertThat(home.read("node.id")).contains("whole");
        }
    }

    @Test
    void forgetsWhatIsDeleted() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            home.write("link.credential", "sms_1");
            home.delete("link.credential");
            home.delete("link.credential");
            assertThat(home.read("link.credential")).isEmpty();
        }
    }

    @Test
    void keepsItsFilesInside() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            assertThatIllegalArgumentException().isThrownBy(() -> home.write("../other", "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> home.write("node.lock", "x"));
        }
    }

    @Test
    void isOneNodesUntilItIsClosed() throws Exception {
        try (var home = HomeFolder.open(folder)) {
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> HomeFolder.open(home.path()))
                    .withMessage("The home folder " + folder + " is used by another node (pid "
                            + ProcessHandle.current().pid() + ")");
        }
        HomeFolder.open(folder).close();
    }

    @Test
    void saysWhyItCannotBeMade() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> HomeFolder.open(folder.resolve("file")))
                .withMessage("The home folder " + folder.resolve("file") + " cannot be written to: "
                        + folder.resolve("file") + " is not a folder");
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> HomeFolder.open(Path.of("/proc/storemesh")))
                .withMessageMatching("The home folder /proc/storemesh cannot be written to: [^\n]+");
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
