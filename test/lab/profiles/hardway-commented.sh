# hardway-commented: the hard way, with units in the style of RKE2's whose values carry trailing comments. systemd
# has no such comments: everything after the equals sign is the value, and most of these lines do nothing.
. ./hardway.sh
unit containerd.service <<'E'
[Unit]
Description=containerd container runtime
After=network.target local-fs.target

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify                # containerd says when it is ready
KillMode=process           # pods outlive a restart
Delegate=yes               # the runtime manages its own control groups
Restart=always             # come back whatever happened
RestartSec=5s
LimitNOFILE=1048576        # not infinity: some programs loop over all of them
LimitNPROC=infinity        # pods count as ours
LimitCORE=infinity
TasksMax=infinity          # no limit from systemd
OOMScoreAdjust=-999        # among the last to go

[Install]
WantedBy=multi-user.target
E
sed -i 's/^Restart=on-failure$/Restart=on-failure         # systemd brings it back/; s/^RestartSec=5$/RestartSec=5\nKillMode=process           # pods outlive a restart/' \
  "$R/etc/systemd/system/kubelet.service"
# two backslashes do not continue a line: the flags after it are lost
sed -i '/kubelet-config.yaml \\$/s/\\$/\\\\/' "$R/etc/systemd/system/kubelet.service"
