// Makes the screenshots of the documentation: a real n8n with the packed package, in a browser.
import { rm, writeFile } from 'node:fs/promises';
import { Editor } from '../testkit/editor/editor.mts';
import { showcaseCredentials } from '../testkit/live/examples.mts';
import { request } from '../testkit/n8n/http.mts';
import { newUserFolder, startN8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import {
	canvases,
	FINGERPRINTS,
	fingerprints,
	item,
	openTriggers,
	outputs,
	PICTURES,
	type Picture,
} from './pictures.mts';

const PUBLIC_URL = 'https://n8n.example.com';
const TOKEN = 'an-example-of-a-token-0123456789';

async function main(): Promise<void> {
	const userFolder = await newUserFolder();
	const tarball = await packPackage(console.log);
	const env = { N8N_WEBHOOK_URL: `${PUBLIC_URL}/` };
	const n8n = await startN8n({ userFolder, tarball, report: console.log, env });
	try {
		const editor = await Editor.open(n8n, PICTURES);
		await takePictures(editor).finally(async () => await editor.close());
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
	await writeFile(FINGERPRINTS, `${JSON.stringify(fingerprints(), null, 2)}\n`);
	console.log(`The screenshots are in ${PICTURES}. Look at them before you commit them.`);
}

async function takePictures(editor: Editor): Promise<void> {
	await editor.newWorkflow('Returns, payments, orders');
	await editor.openNodePanel();
	await editor.find('brazil', 'Troque & Devolva');
	await editor.screenshot('node-panel');

	for (const picture of openTriggers) {
		await openTrigger(editor, picture);
		await editor.openNode(`${picture.sender.displayName} Trigger`);
		await editor.screenshot(picture.name);
	}

	await openTrigger(editor, outputs);
	await editor.screenshot(outputs.name);

	const { sender, event } = item;
	await openTrigger(editor, item);
	await editor.openNode(`${sender.displayName} Trigger`);
	const url = (await editor.testUrl()).replace(PUBLIC_URL, editor.n8n.url);
	await editor.listen();
	await request(sender.delivery(event, sender.sample(event), url, TOKEN));
	await editor.outputFields();
	await editor.screenshot(item.name);

	const credentials = await showcaseCredentials(editor.n8n);
	for (const { name, workflow } of canvases) {
		const nodes = workflow.nodes.map((node) => ({
			...node,
			...(credentials.has(node.type) && { credentials: credentials.get(node.type) }),
		}));
		const { id } = await editor.n8n.createWorkflow({ ...workflow, nodes });
		await editor.openWorkflow(id);
		await editor.canvasScreenshot(name);
	}
}

/** Opens a workflow whose trigger has a credential named as a shop would name its own. */
async function openTrigger(editor: Editor, { sender, workflow }: Picture): Promise<void> {
	const { provider, nodeType, credentialType, credentialData } = sender;
	const [type, data] =
		provider === 'gen'
			? ['genApi', { sellerId: 'shop', refreshToken: TOKEN, webhookToken: TOKEN }]
			: [credentialType, credentialData(TOKEN)];
	const { id, name } = await editor.n8n.createCredential(type, 'Shop', data);
	const nodes = workflow.nodes.map((node) =>
		node.type === nodeType ? { ...node, credentials: { [type]: { id, name } } } : node,
	);
	const saved = await editor.n8n.createWorkflow({ ...workflow, nodes });
	await editor.openWorkflow(saved.id);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
