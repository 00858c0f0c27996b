/**
 * What `require('n8n-nodes-brazil-commerce')` gives: the classes that n8n loads, by their names, read from the same
 * list in package.json. n8n itself goes by that list; tests, scripts and other packages by this file.
 */
const path = require('node:path');
const { n8n } = require('./package.json');

const load = (files) =>
	Object.assign({}, ...files.map((file) => require(path.join(__dirname, file))));

module.exports = {
	get nodes() {
		return load(n8n.nodes);
	},
	get credentials() {
		return load(n8n.credentials);
	},
};
