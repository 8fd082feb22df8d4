# kubeadm-worker: a node that `kubeadm join` made: kubelet and kube-proxy, the cluster's CA certificate, no manifests.
ROLE=worker
. ./kubeadm.sh
