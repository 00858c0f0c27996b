// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { mkdtemp } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { installN8n } = require('../n8n/install.mts');
const { startN8n } = require('../n8n/n8n.mts');
const { packPackage } = require('../n8n/package.mts');

/** One real n8n with the packed package for all end-to-end tests; they find it through the environment. */
module.exports = async function globalSetup() {
	const report = (line) => console.log(line);
	const tarball = await packPackage(report);
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-brazil-commerce-'));
	// As behind a proxy: providers refuse to register an address that they cannot reach.
	const env = { N8N_WEBHOOK_URL: 'https://n8n.example.com/' };
	const install = await installN8n(report);
	globalThis.endToEndN8n = await startN8n({ userFolder, tarball, report, env, install });
	process.env.E2E_N8N_URL = globalThis.endToEndN8n.url;
	process.env.E2E_N8N_USER_FOLDER = userFolder;
	process.env.E2E_TARBALL = tarball;
	process.env.E2E_N8N_VERSION = install.version;
};
