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

	const credentials = await showcaseCredentials(editor.n8n, TOKEN);
	const open = async ({ workflow }: Pick<Picture, 'workflow'>) => {
		const nodes = workflow.nodes.map((node) => ({
			...node,
			...(credentials.has(node.type) && { credentials: credentials.get(node.type) }),
		}));
		const { id } = await editor.n8n.createWorkflow({ ...workflow, nodes });
		await editor.openWorkflow(id);
	};

	for (const picture of openTriggers) {
		await open(picture);
		await editor.openNode(`${picture.sender.displayName} Trigger`);
		await editor.screenshot(picture.name);
	}

	await open(outputs);
	await editor.screenshot(outputs.name);

	const { sender, event } = item;
	await open(item);
	await editor.openNode(`${sender.displayName} Trigger`);
	const url = (await editor.testUrl()).replace(PUBLIC_URL, editor.n8n.url);
	await editor.listen();
	await request(sender.delivery(event, sender.sample(event), url, TOKEN));
	await editor.outputFields();
	await editor.screenshot(item.name);

	for (const { name, workflow } of canvases) {
		await open({ workflow });
		await editor.canvasScreenshot(name);
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
