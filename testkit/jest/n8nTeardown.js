const { rm } = require('node:fs/promises');
const { removeUserFolder } = require('../n8n/n8n.mts');

/** Once for all projects of a run. */
module.exports = async function globalTeardown() {
	const { sharedN8n } = globalThis;
	globalThis.sharedN8n = undefined;
	if (!sharedN8n) return;
	await sharedN8n.stop();
	await removeUserFolder(sharedN8n.userFolder, 'shared');
	await rm(process.env.E2E_PREPARED_FOLDER, { recursive: true, force: true });
};
