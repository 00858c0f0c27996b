import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { httpStatus } from '../../../core/api';
import type { Json } from '../../../core/json';

/** Awaits an answer. Throws an error with the meaning of its status where one is given. */
export async function explainStatus(
	context: IExecuteFunctions,
	answer: Promise<Json>,
	meanings: Readonly<Record<number, string>>,
): Promise<Json> {
	return await answer.catch((error: Error) => {
		const message = meanings[httpStatus(error) ?? 0];
		if (message === undefined) throw error;
		throw new NodeOperationError(context.getNode(), message, {
			description: 'Manage webhooks in Gen under Perfil e preferências > Notificações.',
		});
	});
}
