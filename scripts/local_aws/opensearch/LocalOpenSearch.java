import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.action.admin.cluster.health.ClusterHealthResponse;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/**
 * One real OpenSearch node in this process, on loopback.
 *
 * <p>Arguments: the file to write once the cluster is green, the folder of the node, its HTTP port,
 * the process without which it ends (0: it ends as soon as it is green), and further settings as
 * name=value.
 */
public final class LocalOpenSearch {
    private static final List<String> PLUGINS = List.of(
        "org.opensearch.transport.Netty4Plugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
        "org.opensearch.painless.PainlessPlugin",
        "org.opensearch.index.reindex.ReindexPlugin",
        "org.opensearch.plugin.analysis.kuromoji.AnalysisKuromojiPlugin",
        "org.opensearch.knn.plugin.KNNPlugin");
    private static final TimeValue GREEN_WITHIN = TimeValue.timeValueSeconds(90);
    private static final long ENDS_WHEN_GREEN = 0;

    private static final class LocalNode extends Node {
        LocalNode(Settings settings, Path home, List<Class<? extends Plugin>> plugins) {
            super(
                InternalSettingsPreparer.prepareEnvironment(
                    settings, Map.of(), home.resolve("config"), () -> "local"),
                plugins,
                true);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path ready = Path.of(arguments[0]);
        Path home = Path.of(arguments[1]);
        String port = arguments[2];
        long owner = Long.parseLong(arguments[3]);
        if (owner != ENDS_WHEN_GREEN) {
            endWith(owner);
        }
        Node node = new LocalNode(settings(home, port, arguments), home, plugins());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, ready)));
        node.start();
        awaitGreen(node);
        if (owner == ENDS_WHEN_GREEN) {
            System.exit(0);
        }
        announce(ready, port);
        Thread.currentThread().join();
    }

    private static void endWith(long process) {
        ProcessHandle.of(process).ifPresentOrElse(
            owner -> owner.onExit().thenRun(() -> System.exit(0)),
            () -> System.exit(0));
    }

    private static Settings settings(Path home, String port, String[] arguments) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Settings.Builder settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .put("cluster.name", "local")
            .put("node.name", "local")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", port)
            .put("transport.port", "0")
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .put("node.store.allow_mmap", false)
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (int i = 4; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        return settings.build();
    }

    private static List<Class<? extends Plugin>> plugins() throws ClassNotFoundException {
        List<Class<? extends Plugin>> found = new ArrayList<>();
        for (String name : PLUGINS) {
            found.add(Class.forName(name).asSubclass(Plugin.class));
        }
        return found;
    }

    private static void awaitGreen(Node node) {
        ClusterHealthResponse health = node.client().admin().cluster()
            .prepareHealth().setWaitForGreenStatus().setTimeout(GREEN_WITHIN).get();
        if (health.isTimedOut()) {
            System.err.println("not green after " + GREEN_WITHIN + ": " + health);
            System.exit(1);
        }
    }

    /** Writes the file in one step: whoever sees it sees all of it. */
    private static void announce(Path ready, String port) throws IOException {
        String said = String.format(
            "{\"endpoint\": \"http://127.0.0.1:%s\", \"pid\": %d}", port, ProcessHandle.current().pid());
        Path unfinished = ready.resolveSibling(ready.getFileName() + ".part");
        Files.writeString(unfinished, said, StandardCharsets.UTF_8);
        Files.move(unfinished, ready, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void close(Node node, Path ready) {
        try {
            Files.deleteIfExists(ready);
            node.close();
        } catch (IOException error) {
            error.printStackTrace();
        }
    }

    private LocalOpenSearch() {}
}
