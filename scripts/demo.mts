import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectAt } from '../testkit/providers/samples.mts';
import {
	senders,
	type JsonObject,
	type Sample,
	type Sender,
} from '../testkit/providers/senders.mts';
import { AbacatePayMockApi } from '../testkit/mockApis/abacatePay.mts';
import { GenMockApi } from '../testkit/mockApis/gen.mts';
import { GestaoOnlineMockApi } from '../testkit/mockApis/gestaoOnline.mts';
import { isObject } from '../testkit/mockApis/server.mts';
import { WooviMockApi } from '../testkit/mockApis/woovi.mts';
import { newToken } from '../testkit/live/liveTrigger.mts';
import { request } from '../testkit/n8n/http.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';

/** Where `npm start` keeps its n8n: inside the checkout, ignored by git, so that a second start keeps everything. */
export const demoFolder = join(repositoryRoot, '.n8n');

/** The file in a demo's folder that holds what `npm run send` needs to reach it. */
export const demoFile = (folder: string) => join(folder, 'demo.json');

/** The demo's production webhooks, by provider. */
export interface Demo {
	webhooks: Record<string, { url: string; token: string } | undefined>;
}

/** The webhooks of the last start in a folder. */
export function readDemo(folder: string): Demo {
	const file = demoFile(folder);
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : { webhooks: {} };
}

/**
 * The triggers that register themselves at a mock API: the credential for it, and parameters. Gen and Woovi send some
 * events only to those who select them.
 */
export const registering: Readonly<
	Record<string, { credentialType: string; parameters: JsonObject } | undefined>
> = {
	gen: {
		credentialType: 'genApi',
		parameters: { events: ['*', 'charge-create', 'charge-in', 'charge-cancelled'] },
	},
	abacatePay: {
		credentialType: 'abacatePayApi',
		parameters: { registration: 'automatic', events: ['*'] },
	},
	woovi: {
		credentialType: 'wooviApi',
		parameters: { registration: 'automatic', events: ['*', 'BOLETO_SETTLED'] },
	},
};

/** Plays the providers: mock APIs of those that have one, and a webhook token for each. */
export type DemoProviders = Awaited<ReturnType<typeof startProviders>>;

/**
 * @param folder the demo's: its tokens stay the same, so that they fit the credentials of an earlier start
 * @param publicUrl where n8n says that it is
 * @param localUrl where it really is
 */
export async function startProviders(folder: string, publicUrl: string, localUrl: string) {
	const { webhooks } = readDemo(folder);
	/** By provider. */
	const tokens: Record<string, string> = Object.fromEntries(
		senders.map(({ provider }) => [provider, webhooks[provider]?.token ?? newToken()]),
	);
	const hosts = { [publicUrl]: localUrl };
	const gen = await GenMockApi.start({
		hosts,
		// The samples are whole events already.
		eventShape: (_event, subject) => (isObject(subject) ? subject : {}),
	});
	const gestaoOnline = await GestaoOnlineMockApi.start();
	// The n8n of the demo has no https address.
	const abacatePay = await AbacatePayMockApi.start({ needsPublicEndpoint: false });
	const woovi = await WooviMockApi.start({ hosts });

	/** By credential type. */
	const credentials: Record<string, Record<string, string>> = {
		...Object.fromEntries(
			senders.map(({ provider, credentialType, credentialData }) => [
				credentialType,
				credentialData(tokens[provider] ?? ''),
			]),
		),
		genApi: gen.credential(tokens.gen ?? ''),
		gestaoOnlineApi: gestaoOnline.credential(),
		abacatePayApi: abacatePay.credential(tokens.abacatePay ?? ''),
		wooviApi: woovi.credential(tokens.woovi ?? ''),
	};

	/** Delivers a sample as new. Those of Gen and Woovi go to where the trigger registered itself. */
	async function deliver(sender: Sender, { event, payload }: Sample, url: string) {
		const fresh = sender.freshIds(payload);
		if (sender.provider === 'gen') {
			const { id } = await gen.emit(event, fresh);
			await gen.idle();
			const sent = gen.notifications.findLast(({ event_id }) => event_id === id);
			const answer = sent ? `${sent.status ?? 'none'} to the mock API` : 'not registered';
			return { answer, isAccepted: sent?.status === 200 };
		}
		if (sender.provider === 'woovi') {
			const statuses = await woovi.emit(event, fresh);
			const answer = `${statuses.join(', ') || 'not registered'} to the mock API`;
			return { answer, isAccepted: statuses.join() === '200' };
		}
		if (sender.provider === 'gestaoOnline') {
			const { id, code = null } = objectAt(fresh, 'data');
			gestaoOnline.setOrder(String(id), { code });
		}
		const { status, body } = await request(
			sender.delivery(event, fresh, url, tokens[sender.provider]),
		);
		return { answer: `${status} ${body}`, isAccepted: body === '{"received":true}' };
	}

	const stop = async () =>
		await Promise.all([gen, gestaoOnline, abacatePay, woovi].map(async (api) => await api.stop()));
	return { tokens, credentials, deliver, stop };
}
