# k3s-agent: a worker; its server and token stand in the unit's environment file, as the installer writes it.
ROLE=agent
UNIT_ENV="K3S_TOKEN=K10$(printf %064d 7)::server:node-lab
K3S_URL=https://10.99.0.11:6443
"
. ./k3s.sh
