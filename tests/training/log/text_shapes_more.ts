import type { TextShape } from "./text_shapes.ts";

/** Shapes of more tools, as they were found in public threads. */
export const MORE_SHAPES: readonly TextShape[] = [
  {
    tool: "T5X and other tools with CLU",
    text:
      `I0412 07:20:11.123456 139683 logging_writer.py:48] [100] collection=train accuracy=0.124, loss=5.251, timing/seconds=12.1
I0412 07:21:11.123456 139683 logging_writer.py:48] [200] collection=train accuracy=0.224, loss=4.251, timing/seconds=12.5
I0412 07:21:12.123456 139683 logging_writer.py:48] [200] collection=test accuracy=0.204, loss=4.351
`,
    steps: [100, 200],
    metrics: {
      "train/accuracy": [0.124, 0.224],
      "train/loss": [5.251, 4.251],
      "test/accuracy": [undefined, 0.204],
      "test/loss": [undefined, 4.351],
      "timing/seconds": [12.1, 12.5],
    },
  },
  {
    tool: "keras-rl",
    text:
      ` 11087/50000: episode: 81, duration: 5.514s, episode reward: -752.191, mean reward: -4.587 [-100.000, 3.757], loss: 35.5, mean_q: --
 11229/50000: episode: 82, duration: 4.806s, episode reward: -617.797, mean reward: -4.351 [-100.000, -0.171], loss: 20.25, mean_q: -2.5
`,
    steps: [11087, 11229],
    metrics: {
      "duration (s)": [5.514, 4.806],
      "episode reward": [-752.191, -617.797],
      "mean reward": [-4.587, -4.351],
      "mean reward[0]": [-100, -100],
      "mean reward[1]": [3.757, -0.171],
      loss: [35.5, 20.25],
      mean_q: [undefined, -2.5],
    },
  },
  {
    tool: "cross-validation of XGBoost",
    text: "[0]\ttrain-rmse:0.50012+0.00012\ttest-rmse:0.50123+0.00023\n" +
      "[1]\ttrain-rmse:0.40012+0.00022\ttest-rmse:0.41123+0.00033\n",
    steps: [0, 1],
    metrics: {
      "train-rmse": [0.50012, 0.40012],
      "train-rmse +/-": [0.00012, 0.00022],
      "test-rmse": [0.50123, 0.41123],
      "test-rmse +/-": [0.00023, 0.00033],
    },
  },
  {
    tool: "cross-validation of LightGBM",
    text: "[10]\tcv_agg's valid l2: 0.25 + 0.012\n[20]\tcv_agg's valid l2: 0.23 + 0.013\n",
    steps: [10, 20],
    metrics: { "cv_agg's valid l2": [0.25, 0.23], "cv_agg's valid l2 +/-": [0.012, 0.013] },
  },
  {
    tool: "rich, in a table",
    text: `┏━━━━━━━┳━━━━━━━━┳━━━━━━━━┳━━━━━━━┓
┃ epoch ┃ loss   ┃ acc    ┃ time  ┃
┡━━━━━━━╇━━━━━━━━╇━━━━━━━━╇━━━━━━━┩
│ 1     │ 0.9000 │ 50.5%  │ 1.5s  │
│ 2     │ nan    │ -      │ 1.25s │
└───────┴────────┴────────┴───────┘
`,
    steps: [1, 2],
    metrics: { loss: [0.9, NaN], acc: [50.5, undefined], "time (s)": [1.5, 1.25] },
  },
  {
    tool: "the Trainer in a notebook, kept as Markdown,",
    text: `| Step | Training Loss | Validation Loss | Accuracy |
|------|---------------|-----------------|----------|
| 100  | 0.693000      | 0.680000        | 0.5      |
| 200  | 0.593000      | No log          | 0.625    |
`,
    steps: [100, 200],
    metrics: {
      "Training Loss": [0.693, 0.593],
      "Validation Loss": [0.68, undefined],
      Accuracy: [0.5, 0.625],
    },
  },
  {
    tool: "srun --label",
    text: ` 3: epoch 1 | loss 0.5
 0: epoch 1 | loss 0.4
 0: epoch 2 | loss 0.3
 3: epoch 2 | loss 0.25
`,
    steps: [1, 2],
    metrics: { "rank=0/loss": [0.4, 0.3], "rank=3/loss": [0.5, 0.25] },
  },
  {
    tool: "mpirun --tag-output",
    text: `[1,0]<stdout>:epoch 1 loss 0.5
[1,1]<stdout>:epoch 1 loss 0.6
[1,1]<stdout>:epoch 2 loss 0.55
[1,0]<stdout>:epoch 2 loss 0.45
`,
    steps: [1, 2],
    metrics: { "line=rank0/loss": [0.5, 0.45], "line=rank1/loss": [0.6, 0.55] },
  },
  {
    tool: "Deeplearning4j",
    text:
      `10:00:00.123 [main] INFO org.deeplearning4j.optimize.listeners.ScoreIterationListener - Score at iteration 0 is 2.3456
10:00:01.123 [main] INFO org.deeplearning4j.optimize.listeners.ScoreIterationListener - Score at iteration 10 is NaN
`,
    steps: [0, 10],
    metrics: { Score: [2.3456, NaN] },
  },
  {
    tool: "a course on deep learning",
    text: "Cost after iteration 0: 0.693\nCost after iteration 100: 0.584\n",
    steps: [0, 100],
    metrics: { Cost: [0.693, 0.584] },
  },
  {
    tool: "L-BFGS-B in Fortran",
    text: `
At iterate    0    f=  9.96074D+02    |proj g|=  1.46280D+03

At iterate    1    f= -4.96074D-02    |proj g|=  4.46280D+02
`,
    steps: [0, 1],
    metrics: { f: [996.074, -0.0496074], "proj g": [1462.8, 446.28] },
  },
  {
    tool: "a program of Microsoft's C library",
    text:
      "iter 1 loss -nan(ind) grad 1.#INF\niter 2 loss 1.#QNAN grad -1.#IND\niter 3 loss 0.5 grad -1.#INF00\n",
    steps: [1, 2, 3],
    metrics: { loss: [NaN, NaN, 0.5], grad: [Infinity, NaN, -Infinity] },
  },
  {
    tool: "a script with decimal commas",
    text: `2024-05-01 10:00:00,123 epoch 1: loss 0,6931 acc=50,2%, f1=0,25
2024-05-01 10:00:01,123 epoch 2: loss 1,203 acc=60,2%, f1=0,125
2024-05-01 10:00:02,123 epoch 3: loss 1,103 acc=70,2%, f1=1,5e-05
`,
    steps: [1, 2, 3],
    metrics: { loss: [0.6931, 1.203, 1.103], acc: [50.2, 60.2, 70.2], f1: [0.25, 0.125, 1.5e-5] },
  },
  {
    tool: "a script with typographic signs",
    text: "step 1_000: loss \u22125 gap: \u221e\nstep 2_000: loss 0.25 gap: \u2212\u221e\n",
    steps: [1000, 2000],
    metrics: { loss: [-5, 0.25], gap: [Infinity, -Infinity] },
  },
  {
    tool: "Python's logging with the level before the message",
    text: `2026-01-01 10:00:00,123 INFO step: 4, train loss: 0.5 acc=0.25
2026-01-01 10:00:01,123 trainer WARNING step: 5, train loss: 0.25 acc=0.5
INFO trainer.py step: 6, train loss: 0.125 acc=0.5
`,
    steps: [4, 5, 6],
    metrics: { "train loss": [0.5, 0.25, 0.125], acc: [0.25, 0.5, 0.5] },
  },
  {
    tool: "XLM",
    text:
      `INFO - 10/04/19 14:41:25 - 0:11:11 -    1135 -   56.12 sent/s -  2143.80 words/s - MLM-en:  7.7416 -  - model LR: 3.8795e-06
INFO - 10/04/19 14:41:27 - 0:11:14 -    1140 -   56.10 sent/s -  2092.52 words/s - MLM-en:  7.6028 -  - model LR: 3.8962e-06
`,
    steps: [1135, 1140],
    metrics: { "MLM-en": [7.7416, 7.6028], "model LR": [3.8795e-6, 3.8962e-6] },
  },
  {
    tool: "Keras with its callback for the best model",
    text: `Epoch 1/2
8/8 - 1s - loss: 0.9 - val_loss: 0.8
Epoch 00001: val_loss improved from inf to 0.80000, saving model to w.01-0.80.hdf5
Epoch 2/2
8/8 - 1s - loss: 0.7 - val_loss: 0.9
Epoch 00002: val_loss did not improve from 0.80000
`,
    steps: [8, 16],
    metrics: {
      loss: [0.9, 0.7],
      val_loss: [0.8, 0.9],
      "val_loss best": [undefined, 0.8],
      "val_loss best to": [0.8, undefined],
    },
  },
  {
    tool: "early stopping in PyTorch's tutorials",
    text: `[  1/100] train_loss: 0.51234 valid_loss: 0.41234
Validation loss decreased (inf --> 0.412340).  Saving model ...
[  2/100] train_loss: 0.41234 valid_loss: 0.40234
Validation loss decreased (0.412340 --> 0.402340).  Saving model ...
`,
    steps: [1, 2],
    metrics: {
      train_loss: [0.51234, 0.41234],
      valid_loss: [0.41234, 0.40234],
      "Validation loss decreased": [undefined, 0.41234],
      "Validation loss decreased to": [0.41234, 0.40234],
    },
  },
  {
    tool: "Marian",
    text:
      `[2020-01-01 10:00:00] Ep. 1 : Up. 1000 : Sen. 100,000 : Cost 7.5123 * 2,000,000 @ 1,500 after 2,000,000 : Time 100.50s : 20000.50 words/s : gNorm 1.5012 : L.r. 3.0000e-05
[2020-01-01 10:02:30] [valid] Ep. 1 : Up. 1000 : bleu : 12.25 : new best
`,
    steps: [1000],
    metrics: {
      "Sen.": [100000],
      Cost: [7.5123],
      "Cost *": [2000000],
      "Cost * @": [1500],
      "Cost * @ after": [2000000],
      "Time (s)": [100.5],
      gNorm: [1.5012],
      "L.r.": [3e-5],
      bleu: [12.25],
    },
  },
  {
    tool: "DeepSpeed with its breakdown of times",
    text: `[2023-04-13 10:00:00,100] [INFO] [logging.py:68:log_dist] [Rank 0] step=10, skipped=0
[2023-04-13 10:00:00,102] [INFO] [logging.py:68:log_dist] rank=0 time (ms) | fwd: 12.30 | step: 5.10
`,
    steps: [10],
    metrics: { rank: [0], skipped: [0], "rank (ms)": [0], "fwd (ms)": [12.3], "step (ms)": [5.1] },
  },
  {
    tool: "flax with threads of absl",
    text:
      `I1002 21:43:51.424899 140400640460352 logging_writer.py:35] [1000] steps_per_second=1.760847, train_loss=6.525280952453613
I1002 21:43:52.424899 140411760846848 train.py:415] eval epoch: 2, loss: 6.6112, accuracy: 0.59
`,
    steps: [1000],
    metrics: {
      steps_per_second: [1.760847],
      train_loss: [6.525280952453613],
      loss: [6.6112],
      accuracy: [0.59],
    },
  },
  {
    tool: "Lightning in a notebook that shows no bar",
    text: `Epoch 0:  97% 1651/1702 [13:00<00:24,  2.11it/s, loss=0.158, train_loss=0.149]
Epoch 0:  97% 1652/1702 [13:01<00:23,  2.11it/s, loss=0.157, train_loss=0.148]
`,
    steps: [1651, 1652],
    metrics: { loss: [0.158, 0.157], train_loss: [0.149, 0.148] },
  },
  {
    tool: "a script of epoch and batch alone",
    text: `333 160 Loss=nan Time=0.040
333 161 Loss=0.5 Time=0.042
334 1 Loss=0.25 Time=0.044
`,
    steps: [160, 161, 162],
    metrics: { Loss: [NaN, 0.5, 0.25], Time: [0.04, 0.042, 0.044] },
  },
  {
    tool: "DGL",
    text: `Epoch 00000 | Time(s) 0.0512 | Loss 1.9512 | Accuracy 0.4012 | ETputs(KTEPS) 100.12
Epoch 00001 | Time(s) 0.0522 | Loss 1.8512 | Accuracy 0.5012 | ETputs(KTEPS) 101.12
`,
    steps: [0, 1],
    metrics: {
      "Time (s)": [0.0512, 0.0522],
      Loss: [1.9512, 1.8512],
      Accuracy: [0.4012, 0.5012],
      "ETputs(KTEPS)": [100.12, 101.12],
    },
  },
  {
    tool: "a script with names in quotes, numbers in names and phases in brackets",
    text:
      `step 1, 'train loss': 0.5, loss 1: 0.25, loss 2: nan | Loss (train) 0.125 | Loss (val) inf
step 2, 'train loss': nan, loss 1: nan, loss 2: 0.75 | Loss (train) 0.375 | Loss (val) 0.625
`,
    steps: [1, 2],
    metrics: {
      "train loss": [0.5, NaN],
      "loss 1": [0.25, NaN],
      "loss 2": [NaN, 0.75],
      "Loss (train)": [0.125, 0.375],
      "Loss (val)": [Infinity, 0.625],
    },
  },
  {
    tool: "loggers with a step alone after their heads",
    text: `INFO:root:[20/100] loss 0.25
[rank0]: [30/100], loss 0.125
2024-05-01 10:00:02,123 - trainer - INFO - [40/100] loss: 0.0625
`,
    steps: [20, 30, 40],
    metrics: { loss: [0.25, 0.125, 0.0625] },
  },
  {
    tool: "a logger with a number and a colon after its head",
    text: `2024-05-01 10:00:01,123 - trainer - INFO - 10: loss 0.5 acc 0.25
2024-05-01 10:00:02,123 - trainer - INFO - 20: loss 0.25 acc 0.5
`,
    steps: [10, 20],
    metrics: { loss: [0.5, 0.25], acc: [0.25, 0.5] },
  },
  {
    tool: "rsl_rl in panels of rich",
    text: `╭──────────────────── Learning iteration 10/1000 ────────────────────╮
│              Mean reward: 12.5                                     │
│   Episode_Reward/feet_air_time: 0.0123                             │
╰────────────────────────────────────────────────────────────────────╯
╭──────────────────── Learning iteration 11/1000 ────────────────────╮
│              Mean reward: 13.5                                     │
│   Episode_Reward/feet_air_time: 0.0223                             │
╰────────────────────────────────────────────────────────────────────╯
`,
    steps: [10, 11],
    metrics: { "Mean reward": [12.5, 13.5], "Episode_Reward/feet_air_time": [0.0123, 0.0223] },
  },
  {
    tool: "a script with names after their numbers",
    text: "step 1: 0.5 loss, 0.25 loss, 3.5 kl\nstep 2: 0.375 loss, 0.125 loss, nan kl\n",
    steps: [1, 2],
    metrics: { loss: [0.5, 0.375], "loss (2)": [0.25, 0.125], kl: [3.5, NaN] },
  },
  {
    tool: "a script that shortens its speed",
    text:
      "step 1 tokens 1.25M speed 3.5k tok/s loss 0.5\nstep 2 tokens 2.5M speed 3.75k tok/s loss 0.25\n",
    steps: [1, 2],
    metrics: { "tokens (M)": [1.25, 2.5], "speed (k tok/s)": [3.5, 3.75], loss: [0.5, 0.25] },
  },
];
