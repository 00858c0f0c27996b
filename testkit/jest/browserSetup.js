// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { findChromium } = require('../editor/chromium.mts');
const startN8n = require('./globalSetup.js');
const { Editor } = require('../editor/editor.mts');

/** The n8n of the end-to-end tests, with its owner signed in in a browser. Fails first where there is none. */
module.exports = async function globalSetup() {
	process.env.CHROMIUM_PATH = await findChromium((line) => console.log(line));
	await startN8n();
	const editor = await Editor.open(globalThis.endToEndN8n);
	await editor.shareSession();
	await editor.close();
};
