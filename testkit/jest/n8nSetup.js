// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { rm } = require('node:fs/promises');
const { installN8n } = require('../n8n/install.mts');
const { copyUserFolder, logFolder, prepareUserFolder, startN8n } = require('../n8n/n8n.mts');
const { packPackage } = require('../n8n/package.mts');
const { findChromium } = require('../editor/chromium.mts');

const report = (line) => console.log(line);

/**
 * Once for all projects of a run: packs the package, makes a user folder of n8n that tests copy, and starts the n8n that
 * those share who do not kill it. They find all of it through the environment.
 */
async function prepare() {
	await rm(logFolder, { recursive: true, force: true });
	const install = await installN8n(report);
	const tarball = await packPackage(report);
	const prepared = await prepareUserFolder({ install, tarball, report });
	process.env.E2E_N8N_VERSION = install.version;
	process.env.E2E_PREPARED_FOLDER = prepared;
	const userFolder = await copyUserFolder(prepared);
	const env = {
		// As behind a proxy: providers refuse to register an address that they cannot reach.
		N8N_WEBHOOK_URL: 'https://n8n.example.com/',
		// The engine is the question of a few tests only, which start an n8n of their own.
		N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	};
	globalThis.sharedN8n = await startN8n({ userFolder, install, env, report });
	process.env.E2E_N8N_URL = globalThis.sharedN8n.url;
	process.env.E2E_N8N_USER_FOLDER = userFolder;
}

module.exports = async function globalSetup(_globalConfig, { displayName }) {
	if (displayName.name === 'browser') process.env.CHROMIUM_PATH = await findChromium(report);
	globalThis.preparation ??= prepare();
	await globalThis.preparation;
};
