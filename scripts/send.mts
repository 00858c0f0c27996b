// Plays a provider: delivers its documented samples to any webhook URL.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findSender, senders } from '../testkit/providers/senders.mts';
import type { Delivery, Sender } from '../testkit/providers/senders.mts';
import { demoFile, demoFolder, type Demo } from './demo.mts';

const TIMEOUT_SECONDS = 30;
const MASK = '***';

/** What the caller typed cannot be done; the message says what can. */
class UsageError extends Error {}

interface Order {
	sender: Sender;
	event: string;
	url: string;
	token?: string;
	repeat: number;
	fresh: boolean;
}

async function main(args: string[]): Promise<number> {
	try {
		const order = readOrder(args);
		if (!order) {
			console.log(usage());
			return 0;
		}
		return (await deliver(order)) ? 0 : 1;
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		console.error(error.message);
		return 1;
	}
}

function readOrder(args: string[]): Order | undefined {
	const { values, positionals } = parse(args);
	if (values.help) return undefined;
	const [providerName, eventName, ...rest] = positionals;
	if (!providerName) throw new UsageError(`Which provider and event?\n\n${usage()}`);
	if (rest.length) throw new UsageError(`What is "${rest.join(' ')}"? See npm run send -- --help`);

	const sender = findSender(providerName);
	if (!sender) {
		throw new UsageError(`There is no provider "${providerName}". There are:\n${catalogue()}`);
	}
	const sample = sender.samples.find(({ event }) => sameWord(event, eventName));
	if (!sample) {
		const problem = eventName
			? `${sender.displayName} has no sample of "${eventName}".`
			: 'Which event?';
		throw new UsageError(`${problem} There are:\n${eventsOf(sender)}`);
	}
	const demo = values.url === undefined ? demoWebhook(sender) : undefined;
	const url = values.url ?? demo?.url;
	if (url === undefined) {
		throw new UsageError(
			"Where to? Run npm start, or add --url with the trigger's webhook URL: open the trigger in n8n and copy its Production URL (the workflow must be active), or its Test URL after pressing Listen for test event.",
		);
	}
	return {
		sender,
		event: sample.event,
		url: checkedUrl(url),
		token: values.token ?? demo?.token,
		repeat: checkedCount(values.repeat),
		fresh: values.fresh,
	};
}

/** The webhook of the demo that `npm start` made last, with its token. */
function demoWebhook({ provider }: Sender): { url: string; token: string } | undefined {
	const file = demoFile(demoFolder);
	if (!existsSync(file)) return undefined;
	return (JSON.parse(readFileSync(file, 'utf8')) as Demo).webhooks[provider];
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			allowPositionals: true,
			options: {
				url: { type: 'string' },
				token: { type: 'string' },
				repeat: { type: 'string', default: '1' },
				fresh: { type: 'boolean', default: false },
				help: { type: 'boolean', short: 'h', default: false },
			},
		});
	} catch (error) {
		throw new UsageError(`${(error as Error).message}\n\n${usage()}`);
	}
}

function checkedUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new UsageError('--url must be a whole address, such as http://localhost:5678/webhook/…');
	}
	if (url.username || url.password) {
		throw new UsageError('--url must not hold a user name or a password.');
	}
	return text;
}

function checkedCount(text: string): number {
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1) {
		throw new UsageError('--repeat must be a whole number of 1 or more.');
	}
	return count;
}

/** True when every answer was 2xx. Stops at the first delivery that gets no answer. */
async function deliver({ sender, event, url, token, repeat, fresh }: Order): Promise<boolean> {
	const hide = hider(url, token);
	let allAccepted = true;
	for (let count = 1; count <= repeat; count++) {
		const sample = sender.sample(event);
		const payload = fresh ? sender.freshIds(sample) : sample;
		const request = sender.delivery(event, payload, url, token);
		const counter = repeat > 1 ? `[${count}/${repeat}] ` : '';
		console.log(`${counter}${sender.displayName} ${event}`);
		console.log(`  ${request.method} ${hide(request.url)}`);
		try {
			const { status, statusText, body } = await post(request);
			console.log(hide(`  ${`${status} ${statusText}`.trim()} ${body}`.trimEnd()));
			if (status < 200 || status > 299) allAccepted = false;
		} catch (error) {
			console.error(`  ${hide(whyNoAnswer(error, new URL(url)))}`);
			return false;
		}
	}
	return allAccepted;
}

async function post({ url, method, headers, body }: Delivery) {
	const response = await fetch(url, {
		method,
		headers,
		body,
		redirect: 'manual',
		signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
	});
	return {
		status: response.status,
		statusText: response.statusText,
		body: await response.text(),
	};
}

/** Hides the token, and whatever a pasted URL holds in its query, wherever it is printed. */
function hider(url: string, token?: string): (text: string) => string {
	const inQuery = [...new URL(url).searchParams]
		.filter(([name]) => name !== 'event')
		.map(([, value]) => value);
	const secrets = [token ?? '', ...inQuery]
		.filter(Boolean)
		.flatMap((secret) => [
			secret,
			encodeURIComponent(secret),
			new URLSearchParams({ '': secret }).toString().slice(1),
			JSON.stringify(secret).slice(1, -1),
		])
		.sort((one, other) => other.length - one.length);
	return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

function whyNoAnswer(error: unknown, { host }: URL): string {
	const { name, message, cause } = error as Error;
	const code = (cause as NodeJS.ErrnoException | undefined)?.code;
	if (name === 'TimeoutError') return `No answer from ${host} within ${TIMEOUT_SECONDS} seconds.`;
	if (code === 'ECONNREFUSED') return `Nothing listens at ${host}: is n8n running there?`;
	if (code === 'ENOTFOUND') return `There is no host ${host}: check the URL.`;
	return `Could not deliver to ${host}: ${cause instanceof Error ? cause.message : message}`;
}

function usage(): string {
	return `npm run send -- <provider> <event> [--url <webhook URL>] [--token <token>] [--repeat <n>] [--fresh]

Delivers the event's documented sample to a webhook URL, the way the provider would.

  --url     where to: the webhook URL that the trigger shows in n8n (default: the example that npm start runs)
  --token   the token in the trigger's credential, put where the provider puts it; never printed
  --repeat  send it this many times, one after the other (default 1)
  --fresh   give each delivery new ids; without it repeated deliveries are identical, like retries
  --help    print this

Ends with 0 when every answer was 2xx, else with 1.

Providers and events:
${catalogue()}`;
}

function catalogue(): string {
	return senders
		.map((sender) => `  ${sender.provider} (${sender.displayName})\n${eventsOf(sender)}`)
		.join('\n');
}

function eventsOf({ samples }: Sender): string {
	return samples
		.map(({ event, assumed }) => `    ${event}${assumed ? ' (assumed name)' : ''}`)
		.join('\n');
}

function sameWord(one: string, other?: string): boolean {
	return one.toLowerCase() === other?.toLowerCase();
}

void main(process.argv.slice(2)).then((code) => {
	process.exitCode = code;
});
