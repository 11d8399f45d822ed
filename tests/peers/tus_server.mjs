// A tus server that others wrote (@tus/server with its file store), for tests/peers/tus_test.cpp.
//   node tus_server.mjs FOLDER_WITH_NODE_MODULES PORT FOLDER_OF_FILES
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const [, , peers, port, folder] = process.argv;
const require = createRequire(pathToFileURL(peers + "/"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { Server } = await load("@tus/server");
const { FileStore } = await load("@tus/file-store");
const server = new Server({
  path: "/v1/files",
  datastore: new FileStore({ directory: folder }),
  relativeLocation: true,
});
const listening = server.listen({ host: "127.0.0.1", port: Number(port) }, () => console.log("listening", listening.address().port));
