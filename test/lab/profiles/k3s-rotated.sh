# k3s-rotated: the k3s node long after its start: the journal keeps its newest files only, and what says how the components
# were started is gone. Newer lines of the service are there.
. ./k3s.sh
{ say 'Event(v1.ObjectReference{Kind:\\"Node\\", Name:\\"@NODE@\\"}): type: Normal reason: NodePasswordValidationComplete'; say 'COMPACT compactRev=48211 targetCompactRev=49211 currentRev=50211'; } | setting k3s hup
template /etc/node-lab/k3s/hup
later <<'E'
journalctl --sync
journalctl --rotate
rm -f /run/log/journal/*/*@*.journal
systemctl kill --kill-whom=main --signal=HUP k3s.service
E
