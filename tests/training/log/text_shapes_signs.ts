import type { TextShape } from "./text_shapes.ts";

/** Shapes in which something else than a blank stands beside a number. */
export const SIGN_SHAPES: readonly TextShape[] = [
  {
    tool: "Julia, in single precision",
    text: `┌ Info: training
│   epoch = 1
│   loss = 2.5f0
└   kl = 1.5f-3
┌ Info: training
│   epoch = 2
│   loss = NaN32
└   kl = -Inf32
`,
    steps: [1, 2],
    metrics: { loss: [2.5, NaN], kl: [0.0015, -Infinity] },
  },
  {
    tool: "a script that leaves no blank around signs",
    text: `Epoch 1: psnr 28.5±1.25dB, acc│0.5│, best 0.25→0.75, lr=1.5e-3
Epoch 2: psnr 29.5±1.5dB, acc│0.75│, best 0.75→0.875, lr=1.5e-3
`,
    steps: [1, 2],
    metrics: {
      psnr: [28.5, 29.5],
      "psnr +/- (dB)": [1.25, 1.5],
      acc: [0.5, 0.75],
      best: [0.25, 0.75],
      "best to": [0.75, 0.875],
      lr: [0.0015, 0.0015],
    },
  },
  {
    tool: "a script with units of its own",
    text: `iter 100: PSNR: 28.45dB, E=-12.5eV, err 0.5px, dist: 2.5XYZ
iter 200: PSNR: 29.45dB, E=-13.5eV, err 0.25px, dist: 1.5XYZ
`,
    steps: [100, 200],
    metrics: {
      "PSNR (dB)": [28.45, 29.45],
      "E (eV)": [-12.5, -13.5],
      "err (px)": [0.5, 0.25],
      "dist (XYZ)": [2.5, 1.5],
    },
  },
  {
    tool: "a script that speaks of values that are no numbers",
    text: `Step 1: lr 0.5. The loss is nan.
Step 2: lr 0.25. The loss is -inf.
`,
    steps: [1, 2],
    metrics: { lr: [0.5, 0.25], "The loss": [NaN, -Infinity] },
  },
  {
    tool: "pandas",
    text: `   epoch      loss       acc
0      3  2.500000  0.250000
1      4  1.500000  0.750000
`,
    steps: [3, 4],
    metrics: { index: [0, 1], loss: [2.5, 1.5], acc: [0.25, 0.75] },
  },
  {
    tool: "a report of scikit-learn",
    text: `Epoch 1
              precision    recall  f1-score   support

           0       0.80      0.70      0.75       100
         cat       0.85      0.90      0.87       120

    accuracy                           0.81       220
   macro avg       0.82      0.83      0.84       221
`,
    steps: [1],
    metrics: {
      "0/precision": [0.8],
      "0/recall": [0.7],
      "0/f1-score": [0.75],
      "0/support": [100],
      "cat/precision": [0.85],
      "cat/recall": [0.9],
      "cat/f1-score": [0.87],
      "cat/support": [120],
      "accuracy/f1-score": [0.81],
      "accuracy/support": [220],
      "macro avg/precision": [0.82],
      "macro avg/recall": [0.83],
      "macro avg/f1-score": [0.84],
      "macro avg/support": [221],
    },
  },
  {
    tool: "logfmt",
    text: `time="2026-01-01T10:00:00Z" level=info msg="epoch 0 done" step=3 loss="0.5" acc=0.25
time="2026-01-01T10:00:01Z" level=info msg="epoch 0 done" step=4 loss="0.25" acc=0.5
`,
    steps: [3, 4],
    metrics: { loss: [0.5, 0.25], acc: [0.25, 0.5] },
  },
  {
    tool: "syslog",
    text: `Jan  1 10:00:00 gpu-1 train[4711]: step=1 loss=0.5
2026-01-01T10:00:00+0100 gpu-2 python3[77]: step=2 loss=0.25
`,
    steps: [1, 2],
    metrics: { loss: [0.5, 0.25] },
  },
  {
    tool: "a script that announces results",
    text: `Results of epoch 5:
{
  "loss": 0.5
}
Results of epoch 6:
{
  "loss": 0.25
}
`,
    steps: [5, 6],
    metrics: { loss: [0.5, 0.25] },
  },
  {
    tool: "YOLOv5, with classes",
    text: [0, 1].map((epoch) =>
      `      Epoch   gpu_mem       box    labels  img_size
       ${epoch}/99     3.53G   0.045${epoch}       142       640: 100%|██████████| 8/8 [00:04<00:00,  1.90it/s]
               Class     Images     Labels          P     mAP@.5 mAP@.5:.95: 100%|███| 4/4 [00:01<00:00,  2.9it/s]
                 all        128        929     0.6${epoch}2      0.611      0.4${epoch}1
              person        127        254      0.732      0.7${epoch}1      0.501
`
    ).join("\n"),
    steps: [0, 1],
    metrics: {
      "gpu_mem (G)": [3.53, 3.53],
      box: [0.045, 0.0451],
      labels: [142, 142],
      img_size: [640, 640],
      "line=all/Images": [128, 128],
      "line=person/Images": [127, 127],
      "line=all/Labels": [929, 929],
      "line=person/Labels": [254, 254],
      "line=all/P": [0.602, 0.612],
      "line=person/P": [0.732, 0.732],
      "line=all/mAP@.5": [0.611, 0.611],
      "line=person/mAP@.5": [0.701, 0.711],
      "line=all/mAP@.5:.95": [0.401, 0.411],
      "line=person/mAP@.5:.95": [0.501, 0.501],
    },
  },
  {
    tool: "Coqui",
    text: ` > EPOCH: 3/1000
   --> STEP: 24/155 -- GLOBAL_STEP: 500
     | > loss: 0.51  (0.52)
   --> STEP: 49/155 -- GLOBAL_STEP: 525
     | > loss: 0.41  (0.42)
`,
    steps: [500, 525],
    metrics: { loss: [0.51, 0.41], "loss (avg)": [0.52, 0.42] },
  },
  {
    tool: "courses, which speak of steps",
    text: `Minibatch loss at step 100: 0.5
Minibatch accuracy: 50.5%
Loss after 200 iterations: 0.25
Minibatch loss at step 200: 0.75
Minibatch accuracy: 55.5%
`,
    steps: [100, 200],
    metrics: {
      "Minibatch loss": [0.5, 0.75],
      "Minibatch accuracy": [50.5, 55.5],
      Loss: [undefined, 0.25],
    },
  },
  {
    tool: "a logger whose message begins like a place",
    text: `2026-01-01 10:00:00,123 - INFO - epoch:3 - loss: 0.5 · acc: 0.25 ETA 0:10:00
2026-01-01 10:00:00,123 - INFO - epoch:4 - loss: 0.25 · acc: 0.5 ETA 0:10:00
`,
    steps: [3, 4],
    metrics: { loss: [0.5, 0.25], acc: [0.25, 0.5] },
  },
  {
    tool: "YOLACT",
    text: `[  0]     520 || B: 3.5 | C: 2.25 || ETA: 2 days, 4:31:22 || timer: 1.364
[  0]     530 || B: 3.25 | C: 2.125 || ETA: 2 days, 4:33:06 || timer: 1.256
`,
    steps: [520, 530],
    metrics: { B: [3.5, 3.25], C: [2.25, 2.125], timer: [1.364, 1.256] },
  },
  {
    tool: "a script that says what shares are counted from",
    text: "Epoch 1/2\n  SAFE: 0.82 (412/500)\nEpoch 2/2\n  SAFE: 0.84 (420/500)\n",
    steps: [1, 2],
    metrics: { SAFE: [0.82, 0.84], "SAFE (count)": [412, 420], "SAFE (count) total": [500, 500] },
  },
  {
    tool: "a script with wide signs",
    text: `epoch 1 损失：0.5，准确率＝0.25（best：0.75）
epoch 2 损失：0.25，准确率＝0.5（best：0.75）
`,
    steps: [1, 2],
    metrics: { 损失: [0.5, 0.25], 准确率: [0.25, 0.5], best: [0.75, 0.75] },
  },
  {
    tool: "a script whose counters stand beside their numbers",
    text: `Epoch1/10 step_10 loss 0.5
Epoch1/10 step_20 loss 0.25
`,
    steps: [10, 20],
    metrics: { loss: [0.5, 0.25] },
  },
  {
    tool: "Dopamine, which announces its iterations",
    text: `I0101 10:00:00.123456 140012345 run_experiment.py:430] Starting iteration 5
I0101 10:00:01.123456 140012345 run_experiment.py:380] Average return: 20.5
I0101 10:00:02.123456 140012345 run_experiment.py:430] Starting iteration 6
I0101 10:00:03.123456 140012345 run_experiment.py:380] Average return: 21.5
`,
    steps: [5, 6],
    metrics: { "Average return": [20.5, 21.5] },
  },
];
