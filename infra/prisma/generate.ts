export async function generateClients() {}
