import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { fakeNode, partly } from './fakeContext.mts';

/** What a test says about a run of an action node. */
export interface Run {
	/** The node's parameters, for each input item. */
	items?: Array<Record<string, unknown>>;
	credential?: ICredentialDataDecryptedObject;
	continueOnFail?: boolean;
	/** What the API answers, or the error that the HTTP client throws. */
	answer?: unknown;
}

/** An action node as n8n runs it, and what it asked of the API. */
export interface FakeExecute {
	context: IExecuteFunctions;
	calls: IHttpRequestOptions[];
}

export function fakeExecute({
	items = [{}],
	credential = {},
	continueOnFail = false,
	answer = null,
}: Run = {}): FakeExecute {
	const calls: IHttpRequestOptions[] = [];
	const node = fakeNode({ credentials: { shopApi: { id: '1', name: 'My shop' } } });
	// As n8n: an error where there is neither a value nor a fallback.
	const valueOf = (name: string, itemIndex: number, fallback?: unknown) => {
		const { [name]: value = fallback } = items[itemIndex] ?? {};
		if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
		return value;
	};
	const context = partly<IExecuteFunctions>({
		getNode: () => node,
		getInputData: () => items.map(() => ({ json: {} })),
		getTimezone: () => 'America/Sao_Paulo',
		continueOnFail: () => continueOnFail,
		getCredentials: async <T extends object>() => credential as T,
		getNodeParameter: jest.fn().mockImplementation(valueOf),
		helpers: partly<IExecuteFunctions['helpers']>({
			httpRequestWithAuthentication: async (_credential, request) => {
				calls.push(request);
				if (answer instanceof Error) throw answer;
				return answer;
			},
		}),
	});
	return { context, calls };
}

/** An HTTP client's error, as n8n hands it on: with the request in it. */
export function httpError(status: number, data?: unknown): Error {
	const request = { headers: { Authorization: 'Bearer access-token-0123456789' } };
	return Object.assign(new Error(`Request failed with status code ${status}`), {
		config: request,
		response: { status, data },
	});
}

/** A node with actions, as its class declares them. */
interface ActionNode {
	execute: { call(context: IExecuteFunctions): Promise<INodeExecutionData[][]> };
}

/** Runs operations such as `order.create` of an action node, for one input item each. */
export function operationRunner(node: ActionNode, credential: ICredentialDataDecryptedObject) {
	function start(name: string, parameters: object, answer: unknown, changes: object) {
		const [resource, operation] = name.split('.');
		const { context, calls } = fakeExecute({
			items: [{ resource, operation, ...parameters }],
			credential: { ...credential, ...changes },
			answer,
		});
		return { calls, result: node.execute.call(context) };
	}

	return {
		/** The request that an operation makes and the items that it returns, given the API's answer. */
		async run(name: string, parameters: object, answer: unknown = {}, changes: object = {}) {
			const { calls, result } = start(name, parameters, answer, changes);
			const [output = []] = await result;
			const items = output.map(({ json }) => json);
			return { call: calls[0], items, item: items[0] ?? {} };
		},

		/** The message of an operation that refuses its parameters or the credential before it calls the API. */
		async refusal(name: string, parameters: object, changes: object = {}): Promise<string> {
			const { calls, result } = start(name, parameters, {}, changes);
			const error: unknown = await result.catch((reason: unknown) => reason);
			expect(calls).toEqual([]);
			expect(error).toBeInstanceOf(NodeOperationError);
			return error instanceof Error ? error.message : '';
		},
	};
}
