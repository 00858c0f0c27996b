// Makes the README's screenshots: a real n8n with the packed package, in a browser.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Editor } from '../testkit/editor/editor.mts';
import { senderOf, senders, type Sender } from '../testkit/providers/senders.mts';
import type { WorkflowInput } from '../testkit/n8n/api.mts';
import { request } from '../testkit/n8n/http.mts';
import { newUserFolder, startN8n } from '../testkit/n8n/n8n.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';

const PICTURES = 'docs/images';
const PUBLIC_URL = 'https://n8n.example.com';
const TOKEN = 'an-example-of-a-token-0123456789';

/** What the pictures of the open triggers show; of any other provider, all events. */
const EVENTS: Readonly<Record<string, string[]>> = {
	gestaoOnline: ['ORDER_CREATED', 'TAX_INVOICE_CHANGE_STATUS', 'ORDER_DELIVERY_CHANGE_STATUS'],
	goatCom: ['CART_ABANDONED', 'ORDER_APPROVED'],
	troqueDevolva: ['request.created', 'request.delivered', 'request.done'],
	gen: ['PAYMENT.*', 'ORDER.*'],
};

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
	console.log(`The screenshots are in ${PICTURES}.`);
}

async function takePictures(editor: Editor): Promise<void> {
	await editor.newWorkflow('Returns, payments, orders');
	await editor.openNodePanel();
	await editor.find('brazil', 'Troque & Devolva');
	await editor.screenshot('node-panel');

	for (const sender of senders) {
		const name = `${sender.displayName} Trigger`;
		const parameters = { events: EVENTS[sender.provider] ?? ['*'], outputMode: 'perEvent' };
		await openTrigger(editor, sender, {
			nodes: [{ name, type: sender.nodeType, typeVersion: 2, parameters }],
			name: `${sender.displayName} events`,
			connections: {},
		});
		await editor.openNode(name);
		await editor.screenshot(`trigger-${sender.provider}`);
	}

	const example = await readFile(join(repositoryRoot, 'examples', 'goatcom.json'), 'utf8');
	await openTrigger(editor, senderOf('goatCom'), JSON.parse(example));
	await editor.screenshot('outputs');

	const sender = senderOf('troqueDevolva');
	const event = 'request.authorized';
	const name = `${sender.displayName} Trigger`;
	await openTrigger(editor, sender, {
		nodes: [{ name, type: sender.nodeType, typeVersion: 2, parameters: { events: [event] } }],
		name: 'Returns',
		connections: {},
	});
	await editor.openNode(name);
	const url = (await editor.testUrl()).replace(PUBLIC_URL, editor.n8n.url);
	await editor.listen();
	await request(sender.delivery(event, sender.sample(event), url, TOKEN));
	await editor.outputFields();
	await editor.screenshot('item');
}

/** Opens a workflow whose trigger has a credential named as a shop would name its own. */
async function openTrigger(
	editor: Editor,
	{ provider, nodeType, credentialType, credentialData }: Sender,
	workflow: WorkflowInput,
): Promise<void> {
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
