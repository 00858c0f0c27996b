const { rm } = require('node:fs/promises');

/** Once for all projects of a run. */
module.exports = async function globalTeardown() {
	const { sharedN8n } = globalThis;
	globalThis.sharedN8n = undefined;
	await sharedN8n?.stop();
	for (const folder of [sharedN8n?.userFolder, process.env.E2E_PREPARED_FOLDER]) {
		if (folder) await rm(folder, { recursive: true, force: true });
	}
};
