import type { TextShape } from "./text_shapes.ts";

/** Shapes of public logs that were misread once: what stands beside a dictionary, after a qualified name, and the like. */
export const PUBLIC_SHAPES: readonly TextShape[] = [
  {
    tool: "loguru",
    text: `2026-01-01 10:00:00.123 | INFO     | __main__:main:42 - step 1 loss 0.5
2026-01-01 10:00:01.123 | INFO     | __main__:main:43 - step 2 loss 0.25
`,
    steps: [1, 2],
    metrics: { loss: [0.5, 0.25] },
  },
  {
    tool: "a logger with its place in brackets",
    text: `2026-01-01 08:49:04,080 (trainer:464) INFO: step 1: loss=123.5
2026-01-01 08:49:05,080 (trainer:465) INFO: step 2: loss=68.5
`,
    steps: [1, 2],
    metrics: { loss: [123.5, 68.5] },
  },
  {
    tool: "Axolotl",
    text:
      `[2026-01-01 10:00:00,000] [INFO] [axolotl.train.execute:203] [PID:65109] Starting trainer...
{'loss': 4.75, 'grad_norm': 98.5, 'epoch': 1.0}
[2026-01-01 10:00:01,000] [INFO] [axolotl.core.base.evaluate:367] [PID:65109] Running evaluation...
{'loss': 2.5, 'grad_norm': 59.5, 'epoch': 2.0}
`,
    steps: [1, 2],
    metrics: { loss: [4.75, 2.5], grad_norm: [98.5, 59.5], PID: [65109] },
  },
  {
    tool: "Optuna",
    text:
      `[I 2026-01-01 10:00:00,000] Trial 0 finished with value: 0.75 and parameters: {'lr': 0.001}. Best is trial 0 with value: 0.75.
[I 2026-01-01 10:00:10,000] Trial 1 finished with value: 0.875 and parameters: {'lr': 0.002}. Best is trial 1 with value: 0.875.
`,
    steps: [0, 1],
    metrics: {
      lr: [0.001, 0.002],
      "finished with value": [0.75, 0.875],
      trial: [0, 1],
      "with value": [0.75, 0.875],
    },
  },
  {
    tool: "LitGPT",
    text:
      `Epoch 1 | iter 1 step 1: loss train (curr): 1.657, val (prev val iter): None | iter time: 298.27 ms
Epoch 1 | iter 2 step 2: loss train (curr): 1.506, val (prev val iter): 1.75 | iter time: 174.64 ms
`,
    steps: [1, 2],
    metrics: {
      step: [1, 2],
      "loss train (curr)": [1.657, 1.506],
      "val (prev val iter)": [undefined, 1.75],
      "iter time (ms)": [298.27, 174.64],
    },
  },
  {
    tool: "names that say more in brackets",
    text: `Epoch 1, Accuracy (top-5): 0.5, recall (k=5): 0.3, loss (train): 0.1 loss (val): 0.2
Epoch 2, Accuracy (top-5): 0.6, recall (k=5): 0.4, loss (train): 0.05 loss (val): 0.15
`,
    steps: [1, 2],
    metrics: {
      "Accuracy (top-5)": [0.5, 0.6],
      "recall (k=5)": [0.3, 0.4],
      "loss (train)": [0.1, 0.05],
      "loss (val)": [0.2, 0.15],
    },
  },
  {
    tool: "MaxText",
    text: `completed step: 8, seconds: 5.67, TFLOP/s/device: 134.5, loss: 10.5
completed step: 9, seconds: 5.66, TFLOP/s/device: 134.9, loss: 10.25
`,
    steps: [8, 9],
    metrics: { seconds: [5.67, 5.66], "TFLOP/s/device": [134.5, 134.9], loss: [10.5, 10.25] },
  },
  {
    tool: "Tianshou",
    text:
      `Epoch #1: 50001it [00:40, 1244.54it/s, env_step=50000, loss=-0.5, loss/vf=0.044, rew=200.00]
Epoch #1: test_reward: 200.5 \u00b1 1.5, best_reward: 200.5 \u00b1 2.5 in #1
Epoch #2: 50001it [00:40, 1237.34it/s, env_step=100000, loss=-0.25, loss/vf=0.001, rew=210.00]
Epoch #2: test_reward: 201.5 \u00b1 1.25, best_reward: 210.5 \u00b1 2.25 in #2
`,
    steps: [50000, 100000],
    metrics: {
      loss: [-0.5, -0.25],
      "loss/vf": [0.044, 0.001],
      rew: [200, 210],
      test_reward: [200.5, 201.5],
      "test_reward +/-": [1.5, 1.25],
      best_reward: [200.5, 210.5],
      "best_reward +/-": [2.5, 2.25],
    },
  },
  {
    tool: "deviations in brackets",
    text:
      "Round 1: acc = 0.81 +/- 0.02, loss 3.2 (+/- 0.1)\nRound 2: acc = 0.9 +/- 0.01, loss 3.1\n",
    steps: [1, 2],
    metrics: { acc: [0.81, 0.9], "acc +/-": [0.02, 0.01], loss: [3.2, 3.1], "loss +/-": [0.1] },
  },
  {
    tool: "OpenNMT",
    text: `Epoch  1, 12850/37527; acc:   3.99; ppl: 12792.57; 3438 src tok/s;   9823 s elapsed
Epoch  1, 12900/37527; acc:   4.48; ppl: 35173.75; 3599 src tok/s;   9861 s elapsed
Epoch  2,    50/37527; acc:   5.25; ppl: 5173.75; 3599 src tok/s;   9961 s elapsed
`,
    steps: [12850, 12900, 37577],
    metrics: {
      acc: [3.99, 4.48, 5.25],
      ppl: [12792.57, 35173.75, 5173.75],
      "src tok/s": [3438, 3599, 3599],
      "s elapsed": [9823, 9861, 9961],
    },
  },
  {
    tool: "torchrun before torchtune's bar",
    text: `[trainer0|0]:1|1|Loss: 2.75:   1%|          | 1/101 [00:20<34:51, 20.91s/it][trainer0|0]:
[trainer0|0]:1|1|Loss: 2.75:   2%|\u258f         | 2/101 [00:38<31:17, 18.96s/it]
[trainer0|0]:1|2|Loss: 2.5:   2%|\u258f         | 2/101 [00:38<31:17, 18.96s/it] [trainer0|0]:
`,
    steps: [1, 2],
    metrics: { Loss: [2.75, 2.5] },
  },
  {
    tool: "torchrun's ranks",
    text: `[default0]:step 1 loss 0.5
[default1]:step 1 loss 0.6
[default0]:step 2 loss 0.4
[default1]:step 2 loss 0.55
`,
    steps: [1, 2],
    metrics: { "line=default0/loss": [0.5, 0.4], "line=default1/loss": [0.6, 0.55] },
  },
  {
    tool: "AllenNLP",
    text: `Epoch 0/19
                  Training |  Validation
accuracy      |     0.711  |     0.836
loss          |     1.331  |     0.670
Epoch 1/19
                  Training |  Validation
accuracy      |     0.751  |     0.856
loss          |     1.231  |     0.570
`,
    steps: [0, 1],
    metrics: {
      accuracy: [0.711, 0.751],
      "accuracy (2)": [0.836, 0.856],
      loss: [1.331, 1.231],
      "loss (2)": [0.67, 0.57],
    },
  },
  {
    tool: "timm",
    text:
      `Train: 0 [   0/1251 (  0%)]  Loss: 6.934 (6.93)  Time: 3.210s,  159.49/s  (3.210s,  159.49/s)  LR: 1.0e-06  Data: 1.517 (1.517)
Train: 0 [  50/1251 (  4%)]  Loss: 6.931 (6.94)  Time: 0.210s,  859.49/s  (0.310s,  759.49/s)  LR: 1.0e-06  Data: 0.017 (0.017)
Train: 1 [   0/1251 (  0%)]  Loss: 6.734 (6.73)  Time: 3.110s,  149.49/s  (3.110s,  149.49/s)  LR: 1.0e-05  Data: 1.417 (1.417)
`,
    steps: [0, 50, 1251],
    metrics: {
      Loss: [6.934, 6.931, 6.734],
      "Loss (avg)": [6.93, 6.94, 6.73],
      "Time (s)": [3.21, 0.21, 3.11],
      LR: [1e-6, 1e-6, 1e-5],
      Data: [1.517, 0.017, 1.417],
      "Data (avg)": [1.517, 0.017, 1.417],
    },
  },
  {
    tool: "PaddlePaddle",
    text:
      `2026-01-01 18:39:47,914-INFO: iter: 0, lr: 0.000033, 'loss': '7231.5', eta: 0:00:00, batch_cost: 0.125 sec, ips: 103883.69 images/sec
2026-01-01 18:40:34,280-INFO: iter: 2, lr: 0.000035, 'loss': '2898.5', eta: 5:10:47, batch_cost: 15.565 sec, ips: 0.51395 images/sec
`,
    steps: [0, 2],
    metrics: {
      lr: [0.000033, 0.000035],
      loss: [7231.5, 2898.5],
      "batch_cost (sec)": [0.125, 15.565],
      "ips (images/sec)": [103883.69, 0.51395],
    },
  },
];
