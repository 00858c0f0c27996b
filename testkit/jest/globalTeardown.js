const { rm } = require('node:fs/promises');

module.exports = async function globalTeardown() {
	const n8n = globalThis.endToEndN8n;
	await n8n.stop();
	await rm(n8n.userFolder, { recursive: true, force: true });
};
