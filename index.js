/**
 * What `require('n8n-nodes-brazil-commerce')` gives: the classes that n8n loads, by their names, read from the same
 * list in package.json. n8n itself goes by that list; tests, scripts and other packages by this file.
 */
const { n8n } = require('./package.json');

// Without node:path and __dirname: n8n's check of a published package refuses both.
const load = (files) => Object.assign({}, ...files.map((file) => require(`./${file}`)));

module.exports = {
	get nodes() {
		return load(n8n.nodes);
	},
	get credentials() {
		return load(n8n.credentials);
	},
};
